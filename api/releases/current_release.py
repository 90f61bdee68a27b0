"""The release that is served now: its catalogue, search engine and site change together.

Requests read `current_release.now`, one immutable value, so an answer never mixes two releases.
`reload_if_changed` looks for a new release (a build, an approved pledge) and loads it in a thread.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path

import msgspec

from api.releases import build as release
from api.releases.build import Release
from api.releases.release_folders import ReleaseLock
from api.search.engines import EmbeddedEngines, Engines
from api.search.port import Engine
from catalogue.build import content_security_policy as policy
from catalogue.build.default_texts import PageText, default_texts
from catalogue.build.templates import Frame, Templates
from catalogue.i18n import gettext
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search.choices import Choices, choices
from catalogue.read.site_settings import Service, service

LOOK_EVERY_SECONDS = 0.2  # one look is a link read: 30 us
TRY_AGAIN_SECONDS = 30.0
"""Pause before a release that could not be loaded is tried again: there may have been no memory."""

logger = logging.getLogger("kith.served")


class LoadedRelease(msgspec.Struct, frozen=True, dict=True):
    """One release, loaded: everything an answer is made from."""

    lock: ReleaseLock
    """Held as long as any request still uses this release."""
    release: Release
    catalogue: Catalogue
    engine: Engine
    frame: Frame
    templates: Templates
    service: Service
    texts: Mapping[str, PageText]
    """What editors wrote for pages, by address."""
    policy: str
    """What a browser may do on its pages (`catalogue/build/content_security_policy.py`)."""

    @cached_property
    def activity(self) -> dict[str, Activity]:
        """Activities by slug."""
        return {activity.slug: activity for activity in self.catalogue.activities}

    def choices_on(self, today: date) -> Choices:
        """Return what the search form offers on a day (London), worked out once a day."""
        if today not in self._choices:
            self._choices[today] = choices(self.catalogue, today)
        return self._choices[today]

    @cached_property
    def _choices(self) -> dict[date, Choices]:
        return {}


class NothingBuilt(Exception):
    """There is no release to serve: `kith build` has not been run in this project."""


def load_release(root: Path, current: Release, engines: Engines | None = None) -> LoadedRelease:
    """Load a release of the project `root`, and speak its language."""
    gettext.activate_for_project(root)
    lock = ReleaseLock(current.folder)
    return LoadedRelease(
        lock=lock,
        release=current,
        catalogue=current.catalogue(),
        engine=(engines or EmbeddedEngines()).open(current.folder.name, current.search),
        frame=Frame.parse((current.site / "frame.html").read_text()),
        templates=Templates(root / "site" / "theme" / "pages"),
        service=service(root),
        texts={**default_texts(), **current.words()},
        policy=policy.read_policy(current.site),
    )


class CurrentRelease:
    """Holds the release that is served, and follows the project's newest release."""

    def __init__(
        self,
        root: Path,
        engines: Engines | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.root = root
        self._clock = clock
        self._engines = engines or EmbeddedEngines()
        self._loaded: LoadedRelease | None = None
        self._refused: Release | None = None
        self._refused_until = 0.0

    @property
    def now(self) -> LoadedRelease:
        """The release served now, loaded at the first read. Raises NothingBuilt."""
        if self._loaded is None:
            newest = release.find_current(self.root)
            if newest is None:
                raise NothingBuilt(
                    f"There is no built site in {self.root}: run `kith build` first."
                )
            self._loaded = load_release(self.root, newest, self._engines)
        return self._loaded

    def site_folder(self) -> Path:
        """Return the folder of the static site that belongs to the release served."""
        return self.now.release.site

    def close(self) -> None:
        """Close the search engines."""
        self._engines.close()

    def load_newest(self) -> bool:
        """Load the newest release if it is not the one served; return whether it was another."""
        newest = release.find_current(self.root)
        if newest is None or newest == self.now.release:
            return False
        self._loaded = load_release(self.root, newest, self._engines)
        return True

    async def reload_if_changed(self) -> bool:
        """Load a new release if there is one; return whether it was loaded.

        One that cannot be loaded is logged once, and tried again every `TRY_AGAIN_SECONDS`.
        """
        newest = release.find_current(self.root)
        if newest is None or newest == self.now.release:
            return False
        if newest == self._refused and self._clock() < self._refused_until:
            return False
        try:
            await asyncio.to_thread(self.load_newest)
        except Exception:  # the release before goes on answering whatever is wrong with the new
            if newest != self._refused:
                logger.exception("release %s cannot be served", newest.folder.name)
            self._refused, self._refused_until = newest, self._clock() + TRY_AGAIN_SECONDS
            return False
        self._refused = None
        logger.info("now serving release %s", self.now.release.folder.name)
        return True
