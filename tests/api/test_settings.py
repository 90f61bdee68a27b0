"""Settings are read once, refused clearly, documented all, and printed without their secrets."""

import re
from pathlib import Path

import pytest

from api.settings import NAMES, SettingFault, from_environ

PROJECT = Path("/srv/kith")
DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def test_nothing_needs_to_be_set_for_a_trial() -> None:
    settings = from_environ(PROJECT, {"PATH": "/bin", "KITH_SMTP_URL": ""})
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == "sqlite:////srv/kith/var/kith.sqlite3"
    assert settings.data == PROJECT / "var"
    assert settings.smtp_url is None


def test_every_setting_has_a_row_in_the_docs() -> None:
    rows = re.findall(r"^\| `(KITH_\w+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert tuple(rows) == NAMES


@pytest.mark.parametrize(
    ("name", "hint"),
    [("KITH_DATABASE_URI", "KITH_DATABASE_URL"), ("KITH_SMTP", "KITH_SMTP_URL")],
)
def test_a_mistyped_name_is_told_the_right_one(name: str, hint: str) -> None:
    with pytest.raises(SettingFault, match=f"Did you mean {hint}?"):
        from_environ(PROJECT, {name: "x"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KITH_PORT", "eighty"),
        ("KITH_PORT", "70000"),
        ("KITH_BASE_URL", "kith.example.org"),
        ("KITH_BASE_URL", "https://kith.example.org/path"),
        ("KITH_DATABASE_URL", "mysql://canary"),
        ("KITH_SMTP_URL", "http://canary"),
        ("KITH_MAIL_FROM", "Kith <kith@example.org>"),
        ("KITH_MAIL_FROM", "a@example.org\nBcc: canary@example.org"),
        ("KITH_STAFF_MAIL", "a@example.org, b@example.org"),
        ("KITH_TRUSTED_PROXIES", "10.0.0.0/99"),
        ("KITH_WATCH", "perhaps"),
    ],
)
def test_a_value_that_cannot_stand_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingFault, match=name) as fault:
        from_environ(PROJECT, {name: value})
    assert "canary" not in str(fault.value)


def test_printed_settings_hold_no_secret() -> None:
    settings = from_environ(
        PROJECT,
        {
            "KITH_DATABASE_URL": "postgresql+psycopg://kith:canary@db/kith",
            "KITH_SMTP_URL": "smtp://kith:canary@mail",
            "KITH_KEYS": "a:canary",
            "KITH_MEILI_URL": "http://127.0.0.1:7700",
            "KITH_MEILI_KEY": "canary",
            "KITH_MEILI_ADMIN_KEY": "canary",
        },
    )
    assert "canary" not in f"{settings!r}{settings}"


@pytest.mark.parametrize(
    "environ",
    [
        {"KITH_MEILI_URL": "http://127.0.0.1:7700"},
        {"KITH_MEILI_KEY": "canary"},
        {"KITH_MEILI_URL": "canary:7700", "KITH_MEILI_KEY": "canary"},
        {"KITH_MEILI_URL": "http://u:canary@search", "KITH_MEILI_KEY": "canary"},
        {"KITH_MEILI_URL": "http://search", "KITH_MEILI_KEY": "canary\u00e9"},
    ],
)
def test_a_search_server_needs_an_address_and_a_key(environ: dict[str, str]) -> None:
    with pytest.raises(SettingFault, match="KITH_MEILI_") as fault:
        from_environ(PROJECT, environ)
    assert "canary" not in str(fault.value)


def test_an_open_address_is_linked_as_the_own_machine() -> None:
    settings = from_environ(PROJECT, {"KITH_HOST": "0.0.0.0", "KITH_PORT": "9000"})  # noqa: S104
    assert settings.base_url == "http://127.0.0.1:9000"
