"""Looks places up by name and postcode among the catalogue's own areas; no other service is asked.

A person may write "temeford", "Upper Thistlow, Harrow Vale", "ZZ3" or "zz3 1aa". Only the outward
code of a postcode is shown again: a whole one names a handful of houses. Distances are counted from
the whole one where postcodes were imported.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Protocol

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalogue.model.geo import Point, kilometres, middle
from catalogue.model.search_constants import RULES, SPELLING
from catalogue.model.taxonomy import Area, Taxonomy
from catalogue.model.text import POSTCODE, outward_code, slug_of


class Place(msgspec.Struct, frozen=True):
    """A place that was recognised: the name to show, its areas, and the outward code if one.

    `point` is where distances are counted from, `about` being true for a mere middle. It is None
    for an area that has others within it, whose middle says nothing, and where it is not known.
    """

    name: str
    areas: tuple[str, ...]
    outward_code: str = ""
    point: Point | None = None


class Postcodes(Protocol):
    """The points of postcodes; both arguments are in capitals, without a space."""

    def point(self, postcode: str) -> Point | None:
        """Return where a whole postcode lies."""

    def middle(self, outward_code: str) -> Point | None:
        """Return the middle of an outward code."""


class Gazetteer(msgspec.Struct, frozen=True, dict=True):
    """The areas of the taxonomy, outward codes that only venues have, and middles of codes."""

    areas: tuple[Area, ...]
    venue_codes: frozenset[str] = frozenset()
    middles: dict[str, Point] = {}
    postcodes: Postcodes | None = None

    def find(self, text: str) -> Place | None:
        """Return the place a person means by a text; None where this directory does not know it."""
        for part in (text, text.partition(",")[0]):
            place = self._by_code(part) or self._by_name(part)
            if place is not None:
                return place
        return None

    def reach(self, places: Iterable[str], area_served: Iterable[str]) -> tuple[str, ...]:
        """Return every area whose people an activity is for.

        That is where it happens, what it serves, all areas around them, and all within what it
        serves: a line for the whole of Harrow Vale is also for Temeford. `area_served` may hold
        the areas around those written, as search documents have it: only the narrowest count.
        """
        served = list(area_served)
        around = {wider for name in served for wider in self._around[name][1:]}
        narrowest = [name for name in served if name not in around]
        near = [wider for name in (*places, *narrowest) for wider in self._around[name]]
        within = [inner for name in narrowest for inner in self._within[name]]
        return tuple(dict.fromkeys([*near, *within]))

    def covers(self, area_served: Iterable[str], place: Place) -> bool:
        """Say whether an activity that serves these areas is for people in a place."""
        return bool(set(self.reach((), area_served)) & set(place.areas))

    def areas_at(self, point: Point) -> tuple[str, ...]:
        """Return the narrowest area whose middle is nearest to a point; nothing far from all."""
        places = map(self._area_place, self._area)
        away = [(kilometres(place.point, point), place.areas) for place in places if place.point]
        nearest, areas = min(away, default=(RULES.area_km, ()))
        return areas if nearest < RULES.area_km else ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Return all outward codes known here."""
        return tuple(self._by_outward_code)

    def of_code(self, code: str) -> tuple[str, ...]:
        """Return the narrowest areas an outward code belongs to."""
        return self._by_outward_code.get(code, ())

    @cached_property
    def _area(self) -> dict[str, Area]:
        return {area.name: area for area in self.areas}

    @cached_property
    def _around(self) -> dict[str, tuple[str, ...]]:
        """Every area with all it lies within, nearest first."""
        return {name: self._chain(name) for name in self._area}

    @cached_property
    def _within(self) -> dict[str, tuple[str, ...]]:
        """Every area with all that lie within it."""
        return {
            name: tuple(inner for inner in self._area if name in self._around[inner][1:])
            for name in self._area
        }

    def _chain(self, name: str) -> tuple[str, ...]:
        chain: list[str] = []
        while name in self._area and name not in chain:
            chain.append(name)
            name = self._area[name].within
        return tuple(chain)

    @cached_property
    def _by_slug(self) -> dict[str, str]:
        return {slug_of(name): name for name in self._area}

    @cached_property
    def _by_outward_code(self) -> dict[str, tuple[str, ...]]:
        """Every outward code with the narrowest areas that have it."""
        having: dict[str, list[str]] = {code: [] for code in self.venue_codes}
        for area in self.areas:
            for code in area.outward_codes:
                having.setdefault(code, []).append(area.name)
        return {
            code: tuple(name for name in names if not set(self._within[name]) & set(names))
            for code, names in having.items()
        }

    def _by_code(self, text: str) -> Place | None:
        whole = POSTCODE.search(text.upper())
        code = whole[1] if whole else outward_code(text)
        areas = self._by_outward_code.get(code)
        exact = self.postcodes.point(whole[1] + whole[2]) if self.postcodes and whole else None
        if areas is not None:
            return Place(code, areas, code, exact or self._middle(code, areas))
        if exact is None and self.postcodes and code:
            exact = self.postcodes.middle(code)
        return Place(code, self.areas_at(exact), code, exact) if exact else None

    def _by_name(self, text: str) -> Place | None:
        slug = slug_of(text)
        if slug in self._by_slug:
            name = self._by_slug[slug]
            return self._area_place(name)
        parts = {name for other, name in self._by_slug.items() if _is_part(slug, other)}
        if parts:
            return Place(text.strip().title(), tuple(sorted(parts)))
        name = self._misspelt(slug)
        return self._area_place(name) if name else None

    def _area_place(self, name: str) -> Place:
        """An area with others inside is measured from nowhere: its middle says nothing."""
        return Place(name, (name,), point=None if self._within[name] else self._area[name].point)

    def _middle(self, code: str, areas: tuple[str, ...]) -> Point | None:
        """Return the middle of the venues of an outward code, else of the areas that have it."""
        known = self.middles.get(code)
        return known or middle(place.point for place in map(self._area_place, areas) if place.point)

    def _misspelt(self, slug: str) -> str:
        """Return the one name this may be a misspelling of; nothing where it may be several."""
        if len(slug) < SPELLING.one_slip_from:
            return ""
        allowed = 2 if len(slug) >= SPELLING.two_slips_from else 1
        near = process.extract(
            slug, self._by_slug.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        least = min((distance for _, distance, _ in near), default=0)
        nearest = [other for other, distance, _ in near if distance == least]
        return self._by_slug[nearest[0]] if len(nearest) == 1 else ""


def _is_part(slug: str, other: str) -> bool:
    """Say whether a slug is whole words of another: `thistlow` of `upper-thistlow`."""
    return bool(slug) and f"-{slug}-" in f"-{other}-"


def area_of(place: str, taxonomy: Taxonomy) -> str | None:
    """Return the one area that free words or a postcode name; None where we know none.

    Where several areas fit, as with a postcode they share, it is the area around them all.
    """
    if place in taxonomy.area:
        return place
    match = _gazetteer(taxonomy.areas).find(place) if place.strip() else None
    if match is None or not match.areas:
        return None
    chains = [[area.name for area in taxonomy.around(name)] for name in match.areas]
    return next((name for name in chains[0] if all(name in chain for chain in chains)), None)


@lru_cache(2)  # of the current release, and of the one before it
def _gazetteer(areas: tuple[Area, ...]) -> Gazetteer:
    return Gazetteer(areas)
