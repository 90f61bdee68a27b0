"""The constants of search as a script for the page: `site/assets/search_constants.js`.

`python -m catalogue.outputs.search.constants_script` writes the script anew; a test holds that it
says what `search_constants.toml` says.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from catalogue.model.search_constants import CONSTANTS

SCRIPT = Path(__file__).parents[3] / "site" / "assets" / "search_constants.js"
LINE_WIDTH = 100  # of our scripts
SHORT_KEY = 4  # no line is broken after a key so short
IN_THE_PAGE = (
    "limits", "folding", "rules", "places", "spelling", "rank", "site_pages", "audience",
)  # fmt: skip


def script() -> str:
    """Return the script that gives the page its constants."""
    parts = [
        f"export const {name.upper()} = {_literal(msgspec.to_builtins(getattr(CONSTANTS, name)))};"
        for name in IN_THE_PAGE
    ]
    head = (
        "// The constants of search, from catalogue/model/search_constants.toml. Written by\n"
        "// `python -m catalogue.outputs.search.constants_script`: change them there."
    )
    return "\n\n".join([head, *parts]) + "\n"


def _literal(value: Any, indent: str = "") -> str:
    """Return a value as the formatter of our scripts (biome) writes it."""
    if not isinstance(value, dict):
        return json.dumps(value.strip() if isinstance(value, str) else value, ensure_ascii=False)
    inner = indent + "  "
    lines = [_property(name, _literal(item, inner), inner) for name, item in value.items()]
    return "{\n" + "".join(lines) + indent + "}"


def _property(name: str, literal: str, indent: str) -> str:
    key = name if name.isidentifier() else json.dumps(name)
    line = f"{indent}{key}: {literal},\n"
    if len(line) <= LINE_WIDTH + 1 or len(key) <= SHORT_KEY or literal.startswith("{"):
        return line
    return f"{indent}{key}:\n{indent}  {literal},\n"


if __name__ == "__main__":
    SCRIPT.write_text(script(), encoding="utf-8")
