"""Writes `catalogue/model/uk_coast.txt`: the coast of the British Isles that maps draw.

    python tools/make_uk_coast.py LAND_JSON

The file is `land-10m.json` of the npm package world-atlas: TopoJSON of Natural Earth, which is in
the public domain. It is not needed to run Kith: this program is, should the coast ever be redrawn.
"""

import json
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from catalogue.model.coast import FILE, Box, Outline, area, clip  # noqa: E402 - after the path is set

ISLES = Box(west=-11.0, south=49.0, east=2.6, north=61.2)
"""What is drawn; the coast of France is cut where it leaves this box."""
LEAST_AREA = 0.00004  # in square degrees: a rock of 500 metres by 500 is no help to find the way
LEAST_TURN = 0.0000005  # in square degrees: a bend of a few dozen metres cannot be seen
HEADING = (
    "# The coast of the British Isles: Natural Earth 1:10m (public domain), from npm world-atlas 2.0.2,",
    "# made by tools/make_uk_coast.py. An outline a line: longitude,latitude in degrees.",
)


def main(source: str) -> None:
    """Write the outlines, the largest first."""
    topology = json.loads(Path(source).read_text("utf-8"))
    outlines = [clip(outline, ISLES) for outline in _outlines(topology)]
    visible = sorted(filter(_is_seen, outlines), key=area, reverse=True)
    lines = [_line(_without_small_bends(outline)) for outline in visible]
    FILE.write_text("\n".join((*HEADING, *lines)) + "\n", "utf-8")


def _outlines(topology: dict[str, Any]) -> Iterator[Outline]:
    """Yield the outer ring of each polygon; holes are inland seas, of which there are none here."""
    (step_x, step_y), (left_edge, bottom) = (
        topology["transform"][key] for key in ("scale", "translate")
    )
    arcs = [
        [
            (left_edge + x * step_x, bottom + y * step_y)
            for x, y in accumulate(arc, lambda at, by: (at[0] + by[0], at[1] + by[1]))
        ]
        for arc in topology["arcs"]
    ]
    for land in topology["objects"]["land"]["geometries"]:
        for outer, *_ in land["arcs"]:
            yield tuple(
                point
                for number in outer
                for point in (arcs[number] if number >= 0 else arcs[~number][::-1])[:-1]
            )


def _is_seen(outline: Outline) -> bool:
    return area(outline) >= LEAST_AREA


def _without_small_bends(outline: Outline) -> Outline:
    """Leave out points that make a triangle too small to see with those kept before and next."""
    points = [outline[0]]
    for at, point in enumerate(outline[1:-1], 1):
        if area((points[-1], point, outline[at + 1])) >= LEAST_TURN:
            points.append(point)
    return (*points, outline[-1])


def _line(outline: Outline) -> str:
    return " ".join(f"{x:.3f},{y:.3f}" for x, y in outline)


if __name__ == "__main__":
    main(*sys.argv[1:])
