"""What pages and answers about pledges are made from: the public half, said plainly."""

from typing import Any

from api.features.pledges.signing.confirm import Shown
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Pledge, Promise, Version
from catalogue.outputs.formatting import long_date

STATES = {
    "doing": gettext_noop("doing"),
    "starting": gettext_noop("starting"),
    "not for us": gettext_noop("not for us"),
}


def link(pledge: Pledge) -> dict[str, str]:
    """Return a pledge as a page names and links it."""
    return {"title": pledge.title, "url": f"/pledges/{pledge.slug}/"}


def promise(shown: Shown) -> dict[str, Any]:
    """Return what `confirm.html` shows: the wording that was signed, and what was said to it."""
    version = _version(shown)
    titles = {one.id: one.title for one in version.commitments}
    return {
        "pledge": {"title": shown.pledge.title, "statement": version.statement},
        "name": shown.name,
        "promises": [
            {"title": titles.get(name, name), "state": _state(said), "how": said.how}
            for name, said in shown.sign_up.promises.items()
        ],
    }


def _version(shown: Shown) -> Version:
    versions = {one.version: one for one in shown.pledge.versions}
    return versions.get(shown.sign_up.version, shown.pledge.current)


def _state(said: Promise) -> str:
    if said.state == "starting" and said.by:
        return _("starting by %(day)s", day=long_date(said.by))
    return _(STATES[said.state])
