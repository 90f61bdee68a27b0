"""What the import contracts in pyproject.toml (`lint-imports`) cannot say themselves."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_site_is_no_python_package() -> None:
    """`site` is a module of the standard library: a package of that name could not be imported."""
    assert not list((ROOT / "site").rglob("__init__.py"))


def test_the_site_hook_uses_only_the_catalogue_of_ours() -> None:
    for file in (ROOT / "site").rglob("*.py"):
        tree = ast.parse(file.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = {alias.name for node in imports for alias in node.names}
        names |= {node.module or "" for node in froms}
        assert "api" not in {name.partition(".")[0] for name in names}, file


def test_every_feature_has_a_contract_of_what_others_may_use() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = settings["tool"]["importlinter"]["contracts"]
    kept_apart = {name for contract in contracts for name in contract.get("protected_modules", ())}
    features = {file.parent.name for file in (ROOT / "api/features").glob("*/__init__.py")}
    assert kept_apart == {f"api.features.{name}.*" for name in features}
