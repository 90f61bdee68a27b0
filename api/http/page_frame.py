"""Renders pages of the API in the frame of the site, so that they look like its own pages."""

from collections.abc import Mapping
from typing import cast

from litestar import Response

from api.http.problems import Problem, RenderedProblem
from api.releases.current_release import CurrentRelease
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.read.site_settings import Service

HEADINGS: Mapping[int, str] = {
    404: gettext_noop("We cannot find that page"),
    410: gettext_noop("This is no longer here"),
    429: gettext_noop("One moment, please"),
}
BROKEN = gettext_noop("Something broke on our side")
REFUSED = gettext_noop("That did not work")


class ErrorPage(Page, frozen=True):
    """What went wrong, in calm words."""

    template = "problem.html"

    heading: str
    problem: Problem
    service: Service


class Pages:
    """Renders templates of `site/theme/pages/` into the frame of the release served now."""

    def __init__(self, served: CurrentRelease) -> None:
        self._served = served

    @property
    def service(self) -> Service:
        """Who answers here, as the release served now names them."""
        return self._served.now.service

    def page(
        self,
        content: Page,
        title: str,
        status: int = 200,
        section: str = "",
        url: str = "",
    ) -> Response[str]:
        """Return a whole page. No browser and no proxy keeps it: it may be personal.

        `url` is its address, where a site in another language has it too, whatever it holds.
        """
        return self.page_of(self.html(content, title, section, url), status)

    def page_of(self, html: str | bytes, status: int = 200) -> Response[str]:
        """Return a whole page whose text is written already."""
        policy = self._served.now.policy
        headers = {"cache-control": "no-store", "content-security-policy": policy}
        text = cast("str", html)  # the bytes of a text are sent as they are
        return Response(text, status_code=status, media_type="text/html", headers=headers)

    def html(self, content: Page, title: str, section: str = "", url: str = "") -> str:
        """Return a page as text; `section` is the part of the site its header marks."""
        release = self._served.now
        body = release.templates.render(content)
        return release.frame.fill(title, body, section=section, url=url)

    def problem(self, problem: Problem) -> RenderedProblem:
        """Return the page of an error that no form of ours can show."""
        heading = _(HEADINGS.get(problem.status, BROKEN if problem.status >= 500 else REFUSED))
        page = ErrorPage(problem=problem, heading=heading, service=self.service)
        html = self.html(page, heading)
        return RenderedProblem(html, self._served.now.policy)
