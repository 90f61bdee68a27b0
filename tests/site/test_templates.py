"""Every template prints one struct, and each names exactly what the other does."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from jinja2 import Environment, meta, nodes

import api
import catalogue
from catalogue.build.templates import Page, Templates
from tests.site.conftest import ROOT

FOLDER = ROOT / "site" / "theme" / "pages"
PARTS = ("parts/", "forms/", "staff/nav.html", "staff/parts.html")
"""Templates that others include or import; they have no page of their own."""
OF_JINJA = frozenset({"_trans"})
"""A name that Jinja's own code for `{% trans %}` sets."""


def structs(base: type[Page] = Page) -> Iterator[type[Page]]:
    """Yield every struct that names a template, of all modules of the program."""
    for struct in base.__subclasses__():
        if hasattr(struct, "template"):
            yield struct
        yield from structs(struct)


def load_everything() -> None:
    for package in (catalogue, api):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name:
                importlib.import_module(module.name)


load_everything()
STRUCTS = sorted(structs(), key=lambda struct: (struct.template, struct.__name__))


@pytest.fixture(scope="module")
def environment() -> Environment:
    return Templates(FOLDER).environment


def names(environment: Environment, template: str) -> set[str]:
    """Return the names that a template uses and does not set, with those of what it includes."""
    assert environment.loader
    tree = environment.parse(environment.loader.get_source(environment, template)[0])
    used = meta.find_undeclared_variables(tree) - environment.globals.keys() - OF_JINJA
    for included in tree.find_all(nodes.Include):
        assert isinstance(included.template, nodes.Const), f"{template} includes what it works out"
        used |= names(environment, included.template.value)
    return used


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: str(struct.__name__))
def test_a_template_uses_every_field_of_its_struct_and_no_other_name(
    environment: Environment, struct: type[Page]
) -> None:
    assert names(environment, struct.template) == set(struct.__struct_fields__)


def test_every_template_has_a_struct() -> None:
    templates = {file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.html")}
    pages = {template for template in templates if not template.startswith(PARTS)}
    assert pages - {struct.template for struct in STRUCTS} == set()


def test_no_two_structs_name_the_same_template() -> None:
    templates = [struct.template for struct in STRUCTS]
    assert len(templates) == len(set(templates))


def test_shared_pieces_use_what_they_are_handed_alone(environment: Environment) -> None:
    """A macro that is imported does not see the names of the page, or would fail at the first."""
    for file in FOLDER.rglob("*.html"):
        template = file.relative_to(FOLDER).as_posix()
        if template.startswith(("parts/", "staff/parts.html")):
            assert names(environment, template) == set(), template
