"""The direction of imports, as the architecture draws it, read from the code itself."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
FEATURES = (
    "activities",
    "pledges",
    "keeping",
    "signposting",
    "gaps",
    "corrections",
    "connectors",
    "casework",
    "postcodes",
)


def imports(file: Path) -> set[str]:
    """Return every module a file imports, dotted; `from a import b` counts as a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def roots(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(file)}


def test_catalogue_knows_neither_the_api_nor_mkdocs() -> None:
    for file in modules("catalogue"):
        assert not roots(file) & {"api", "mkdocs", "material", "litestar"}, file


def test_the_site_hook_uses_only_the_catalogue_of_ours() -> None:
    for file in modules("site"):
        assert "api" not in roots(file), file


def test_the_api_never_imports_the_site() -> None:
    for file in modules("api"):
        assert "site" not in roots(file), file


def test_only_the_release_room_of_the_api_knows_mkdocs() -> None:
    knowing = {file.name for file in modules("api") if "mkdocs" in roots(file)}
    assert knowing == {"release.py"}


def test_a_feature_uses_another_only_through_its_store() -> None:
    for feature in FEATURES:
        for file in modules(f"api/{feature}"):
            for name in imports(file):
                other = re.match(r"api\.(\w+)(?:\.(\w+))?", name)
                if other and other[1] in FEATURES and other[1] != feature:
                    assert other[2] in (None, "store"), f"{file} imports {name}"


def test_routes_hold_no_sql_and_stores_no_http() -> None:
    for file in modules("api"):
        if file.name == "routes.py":
            assert "sqlalchemy" not in roots(file), file
        if file.name == "store.py":
            assert not roots(file) & {"litestar", "httpx"}, file
            assert not {name for name in imports(file) if name.startswith("api.http")}, file


def test_site_is_no_python_package() -> None:
    """`site` is a module of the standard library: a package of that name could not be imported."""
    assert not list((ROOT / "site").rglob("__init__.py"))
