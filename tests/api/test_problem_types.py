"""The `type` of every problem that JSON tells: callers rely on it, whatever a class is called."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import api
from api.errors import Conflict, DomainError
from api.http.problems import problem_of
from api.moderation.lock_store import NotHeld

FIRST = Path(__file__).parents[1] / "fixtures" / "problem_types.txt"
"""The types as they were before the classes were renamed, without `urn:kith:`."""

NEVER_SENT = {"expired", "moved-on"}
"""Of those: a base class that nothing raised, and one that was always answered with a page."""

ADDED = {"address-taken", "nobody", "code-needed"}
"""Types that came later."""


def subclasses(of: type[DomainError]) -> Iterator[type[DomainError]]:
    yield of
    for subclass in of.__subclasses__():
        yield from subclasses(subclass)


def load_all_errors() -> set[type[DomainError]]:
    for module in pkgutil.walk_packages(api.__path__, "api."):
        if ".migrations" not in module.name:
            importlib.import_module(module.name)
    return {error for error in subclasses(DomainError) if error.__module__.startswith("api.")}


def test_the_types_of_problems_stay_the_same() -> None:
    loaded = load_all_errors()
    assert {error.__name__ for error in loaded if "code" not in vars(error)} == set()
    types = set(FIRST.read_text().split()) - NEVER_SENT | ADDED
    assert {error.code for error in loaded} == types


def test_a_problem_tells_the_type_of_its_error_and_not_the_name_of_its_class() -> None:
    renamed = type("ByAnotherName", (NotHeld,), {})
    assert issubclass(renamed, Conflict)
    assert problem_of(renamed(), "-").type == "urn:kith:not-held"
