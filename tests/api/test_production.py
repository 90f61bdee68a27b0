"""A place at an https address does not serve before it is fit for the public, and says why."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from api import cli, server
from api.releases import build
from api.security.encryption import new_key
from api.security.production import is_example

FIT = {
    "KITH_BASE_URL": "https://kith.mendip.org.uk",
    "KITH_KEYS": new_key(),
    "KITH_SMTP_URL": "smtp://mail.mendip.org.uk:587",
    "KITH_MAIL_FROM": "kith@mendip.org.uk",
    "KITH_STAFF_MAIL": "team@mendip.org.uk",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose build and server do nothing but say that they were reached."""
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Kith\n")
    monkeypatch.setattr(build, "build_release", lambda *_: click.echo("built"))
    monkeypatch.setattr(server, "run", lambda *_: click.echo("served"))
    return tmp_path


def serve(project: Path, environ: dict[str, str]) -> Result:
    return CliRunner().invoke(cli.main, ["--project", str(project), "serve"], env=environ)


def test_everything_that_is_missing_is_said_at_once_and_nothing_is_made(project: Path) -> None:
    result = serve(project, {"KITH_BASE_URL": "https://kith.mendip.org.uk"})
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    for name in ("KITH_KEYS", "KITH_SMTP_URL", "KITH_MAIL_FROM", "KITH_STAFF_MAIL"):
        assert name in result.output
    assert "kith keys new" in result.output
    assert "built" not in result.output
    assert sorted(file.name for file in project.iterdir()) == ["content", "mkdocs.yml"]


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"KITH_KEYS": ""}, "KITH_KEYS"),
        ({"KITH_SMTP_URL": ""}, "KITH_SMTP_URL"),
        ({"KITH_SMTP_TLS": "no"}, "KITH_SMTP_TLS"),
        ({"KITH_MAIL_FROM": "kith@Example.org"}, "KITH_MAIL_FROM"),
        ({"KITH_MAIL_FROM": "kith@mail.example.com"}, "KITH_MAIL_FROM"),
        ({"KITH_STAFF_MAIL": "team@mendip.example"}, "KITH_STAFF_MAIL"),
    ],
)
def test_each_fault_alone_is_refused_by_name(
    project: Path, environ: dict[str, str], named: str
) -> None:
    result = serve(project, {**FIT, **environ})
    assert result.exit_code == 1
    assert named in result.output
    assert result.output.count("\n- ") == 1
    assert FIT["KITH_KEYS"] not in result.output


@pytest.mark.parametrize(
    "environ",
    [
        FIT,
        {},
        {**FIT, "KITH_SMTP_TLS": "no", "KITH_SMTP_URL": "smtp://127.0.0.1"},
        {**FIT, "KITH_SMTP_TLS": "no", "KITH_SMTP_URL": "smtps://mail.mendip.org.uk"},
    ],
)
def test_a_place_that_is_fit_and_a_trial_serve(project: Path, environ: dict[str, str]) -> None:
    result = serve(project, environ)
    assert result.exit_code == 0, result.output
    assert "served" in result.output


def test_files_that_every_user_can_open_are_refused_by_their_paths(project: Path) -> None:
    apart = project / "apart.sqlite3"
    apart.touch(0o644)
    data = project / "var"
    data.mkdir(mode=0o755)
    (data / "keys").touch(0o644)
    project.chmod(0o755)
    environ = {**FIT, "KITH_DATABASE_URL": f"sqlite:///{apart}"}
    shown = serve(project, environ).output
    for path in (data, data / "keys", apart):
        assert f"chmod o-rwx {path}\n" in shown
        path.chmod(path.stat().st_mode & ~0o007)
    assert serve(project, environ).exit_code == 0


def test_a_trial_that_goes_public_is_told_where_its_key_lies(project: Path) -> None:
    (project / "var").mkdir(mode=0o700)
    (project / "var" / "keys").touch(0o600)
    assert str(project / "var" / "keys") in serve(project, {**FIT, "KITH_KEYS": ""}).output


def test_an_address_of_somebody_is_no_example() -> None:
    assert not is_example("team@notexample.org")
    assert not is_example("team@example.org.uk")
    assert is_example("team@mendip.test.")
