"""The whole directory as one struct, from which pages, search documents and answers are made."""

import msgspec

from catalogue.model.activity import Activity
from catalogue.model.pledge import Pledge, Signatory
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.training import Course


class Catalogue(msgspec.Struct, frozen=True):
    """Everything that is published, sorted by slug."""

    taxonomy: Taxonomy
    activities: tuple[Activity, ...] = ()
    pledges: tuple[Pledge, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    courses: tuple[Course, ...] = ()

    def pledge(self, slug: str) -> Pledge | None:
        """Return the pledge of this slug, if there is one."""
        return next((pledge for pledge in self.pledges if pledge.slug == slug), None)

    def register(self, pledge: str) -> tuple[Signatory, ...]:
        """Return the published signatories of a pledge, past ones too, by name."""
        return tuple(
            signatory
            for signatory in self.signatories
            if signatory.pledge == pledge and signatory.status == "published"
        )

    def signatory(self, pledge: str, slug: str) -> Signatory | None:
        """Return a published signatory by its slug, or by one it had before."""
        register = self.register(pledge)
        by_slug = (signatory for signatory in register if signatory.slug == slug)
        formerly = (signatory for signatory in register if slug in signatory.former_slugs)
        return next(by_slug, next(formerly, None))

    def course(self, slug: str) -> Course | None:
        """Return the course of this slug, if there is one."""
        return next((course for course in self.courses if course.slug == slug), None)

    def activity(self, slug: str) -> Activity | None:
        """Return the activity of this slug, if there is one."""
        return next((activity for activity in self.activities if activity.slug == slug), None)
