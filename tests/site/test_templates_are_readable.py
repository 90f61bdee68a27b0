"""Templates stay readable: no line of one is wider than a screen shows."""

from tests.site.conftest import ROOT

WIDEST = 140  # characters


def test_no_line_of_a_template_is_too_wide() -> None:
    templates = sorted((ROOT / "site" / "theme").rglob("*.html"))
    assert templates
    assert [
        f"{file.relative_to(ROOT)}:{number}: {len(line)} characters"
        for file in templates
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > WIDEST
    ] == []
