"""`kith search index`: what an operator types to have a Meilisearch server know the release."""

import os
from pathlib import Path

import click

from api.releases import build
from api.search.meilisearch import reindex
from api.search.meilisearch.client import MeilisearchClient, MeilisearchError
from api.settings import SettingFault, from_environ
from catalogue.progress import terminal_meter

ANSWERED_WITHIN_SECONDS = 30.0


@click.group()
def search() -> None:
    """The search engines' indexes."""


@search.command()
@click.option("--engine", type=click.Choice(["meilisearch"]), default="meilisearch")
@click.option("--force", is_flag=True, help="Make it anew even if it stands.")
@click.pass_obj
def index(project: Path, engine: str, force: bool) -> None:
    """Make the index of the built release on the Meilisearch server, and swap it in whole.

    The index in the process needs no command: it is part of every build.
    """
    try:
        settings = from_environ(project, os.environ)
    except SettingFault as error:
        raise click.UsageError(str(error)) from error
    if settings.meili_url is None or settings.meili_admin_key is None:
        raise click.UsageError(
            "Set KITH_MEILI_URL, and KITH_MEILI_ADMIN_KEY to a key that may make indexes."
        )
    built = build.find_current(project)
    if built is None:
        raise click.ClickException("Nothing is built: run `kith build` first.")
    server = MeilisearchClient(
        settings.meili_url, settings.meili_admin_key, ANSWERED_WITHIN_SECONDS
    )
    try:
        with terminal_meter() as progress:
            was_indexed = reindex.reindex(server, built.folder.name, built.search, progress, force)
    except (reindex.NotIndexed, MeilisearchError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        server.close()
    click.echo("The index is in its place." if was_indexed else "The index stands: nothing to do.")
