"""What `extra` of a project's mkdocs.yml says of the service, and of the demonstration.

With `extra.demonstration: false` all that is invented is left out: areas and what lies there, the
service that answers for them, and what prose says between two marks.
"""

import re
from functools import lru_cache
from pathlib import Path

import msgspec
import yaml

from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.phone import dialled
from catalogue.model.pledge import Pledge
from catalogue.model.taxonomy import Taxonomy

MARK = re.compile(r"<!-- /?demonstration -->\n?")
MARKED = re.compile(r"<!-- demonstration -->.*?<!-- /demonstration -->\n?", re.DOTALL)


class Service(msgspec.Struct, frozen=True):
    """Who answers here, as pages name them.

    `areas` are those it serves; without any it serves all that are invented as it is itself.
    """

    name: str = "Kith"
    phone: str = ""
    hours: str = ""
    email: str = ""
    address: str = ""
    demonstration: bool = False
    areas: tuple[str, ...] = ()

    @property
    def tel(self) -> str:
        """Return the number as a link dials it."""
        return dialled(self.phone)

    @property
    def phone_note(self) -> str:
        """Return when the number is answered, and that it is invented where it is."""
        invented = _("an invented number") if self.demonstration else ""
        return "; ".join(filter(None, (self.hours, invented)))

    def serves(self, activity: Activity, taxonomy: Taxonomy) -> bool:
        """Say whether its people answer for an activity, and may go there with somebody."""
        places = (*activity.place_names, *activity.area_served)
        around = {area.name for place in places for area in taxonomy.around(place)}
        is_near = not self.areas or not places or not around.isdisjoint(self.areas)
        return is_near and self.demonstration == activity.demonstration

    def for_activity(self, activity: Activity | None, taxonomy: Taxonomy) -> "Service":
        """Return who is named beside an activity: without a number where they do not serve.

        A page about none is the service's own: there its number stands, said to be invented if so.
        """
        return self if activity is None or self.serves(activity, taxonomy) else Service(self.name)

    def for_place(self, place: str, taxonomy: Taxonomy) -> "Service":
        """Return who is named on what is handed over in a place, or anywhere for none."""
        around = taxonomy.around(place)
        is_invented = any(area.demonstration == "yes" for area in around)
        is_near = not (self.areas and around) or any(area.name in self.areas for area in around)
        return self if is_near and is_invented == self.demonstration else Service(self.name)


class SiteSettings(msgspec.Struct, frozen=True):
    """What of `extra` the program reads itself; its other settings are the theme's."""

    service: Service = Service()
    demonstration: bool = True


def read_site_settings(root: Path) -> SiteSettings:
    """Read mkdocs.yml of the project `root`. It is parsed once as long as it does not change."""
    file = root / "mkdocs.yml"
    if not file.is_file():
        return SiteSettings()
    state = file.stat()
    return _parse(file, state.st_mtime_ns, state.st_size)


@lru_cache(8)
def _parse(file: Path, _mtime_ns: int, _size: int) -> SiteSettings:
    settings = yaml.load(file.read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506 - only str
    return msgspec.convert(settings.get("extra") or {}, SiteSettings, strict=False)


def service(root: Path) -> Service:
    """Return who answers; nobody is named where only the demonstration's service is written."""
    settings = read_site_settings(root)
    is_left_out = settings.service.demonstration and not settings.demonstration
    return Service() if is_left_out else settings.service


def choose_prose(markdown: str, settings: SiteSettings) -> str:
    """Return prose with or without what it says of the demonstration."""
    return MARK.sub("", markdown if settings.demonstration else MARKED.sub("", markdown))


def choose_content(catalogue: Catalogue, settings: SiteSettings) -> Catalogue:
    """Return the catalogue with or without what is invented."""
    pledges = tuple(_choose_words(pledge, settings) for pledge in catalogue.pledges)
    catalogue = msgspec.structs.replace(catalogue, pledges=pledges)
    if settings.demonstration:
        return catalogue
    areas = tuple(area for area in catalogue.taxonomy.areas if area.demonstration == "no")
    return msgspec.structs.replace(
        catalogue,
        taxonomy=msgspec.structs.replace(catalogue.taxonomy, areas=areas),
        activities=tuple(
            activity for activity in catalogue.activities if not activity.demonstration
        ),
        signatories=tuple(
            signatory for signatory in catalogue.signatories if not signatory.demonstration
        ),
    )


def _choose_words(pledge: Pledge, settings: SiteSettings) -> Pledge:
    body, run_by = choose_prose(pledge.body, settings), pledge.run_by
    invented = settings.service.demonstration and not settings.demonstration
    if invented and run_by and run_by.name == settings.service.name:
        run_by = None
    return msgspec.structs.replace(pledge, body=body, run_by=run_by)
