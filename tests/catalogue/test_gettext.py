"""Messages: English as in the code, another language as in its kith.po files."""

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from catalogue.build import script_messages
from catalogue.build.templates import Templates
from catalogue.i18n import gettext
from catalogue.outputs import formatting
from tests.support.node import find_node
from tests.support.print_template import print_template

ROOT = Path(__file__).parents[2]
HEAD = """\
msgid ""
msgstr ""
"Language: cy\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n==2 ? 1 : 2);\\n"
"""
WORDS = """
msgid "Ask %(name)s"
msgstr "Gofynnwch i %(name)s"

msgid "%(num)s dog"
msgid_plural "%(num)s dogs"
msgstr[0] "%(num)s ci"
msgstr[1] "%(num)s gi"
msgstr[2] "%(num)s o gŵn"

msgctxt "month"
msgid "May"
msgstr "Mai"

msgid "Ring %(who)s"
msgstr ""
"""
TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    gettext.activate("en")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a Welsh catalogue of its own."""
    file = tmp_path / "tongues" / "cy" / "LC_MESSAGES" / "kith.po"
    file.parent.mkdir(parents=True)
    file.write_text(HEAD + WORDS, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("theme:\n  name: material\n  language: cy\n")
    return tmp_path


def test_english_is_what_the_code_says() -> None:
    assert gettext._("Ask %(name)s", name="Mabel") == "Ask Mabel"
    assert gettext.ngettext("%(num)s dog", "%(num)s dogs", 1) == "1 dog"
    assert gettext.ngettext("%(num)s dog", "%(num)s dogs", 0) == "0 dogs"
    assert (gettext.weekday(TUESDAY), gettext.month(TUESDAY)) == ("Tuesday", "November")
    assert gettext.format_list(["a", "b", "c"]) == "a, b and c"
    assert gettext.format_list(["a", "b"], "or") == "a or b"
    assert gettext.format_list([]) == ""


def test_a_process_uses_the_language_of_its_project(project: Path) -> None:
    assert gettext.activate_for_project(project).language == "cy"
    assert gettext._("Ask %(name)s", name="Mabel") == "Gofynnwch i Mabel"
    forms = [gettext.ngettext("%(num)s dog", "%(num)s dogs", number) for number in (1, 2, 5)]
    assert forms == ["1 ci", "2 gi", "5 o gŵn"]
    assert gettext.pgettext("month", "May") == "Mai"
    assert (gettext.weekday(TUESDAY), gettext.month(11)) == ("dydd Mawrth", "Tachwedd")


def test_a_message_without_translation_stays_english(project: Path) -> None:
    gettext.activate_for_project(project)
    assert gettext._("Ring %(who)s", who="Mabel") == "Ring Mabel"
    assert gettext._("May") == "May"


def test_translations_of_the_project_come_before_those_of_the_program(project: Path) -> None:
    gettext.activate("cy")
    of_the_program = gettext._("Ask for help")
    file = project / "tongues" / "cy" / "LC_MESSAGES" / "kith.po"
    file.write_text(HEAD + '\nmsgid "Find company"\nmsgstr "Ffrindiau"\n', encoding="utf-8")
    gettext.activate_for_project(project)
    assert gettext._("Find company") == "Ffrindiau"
    assert gettext._("Ask for help") == of_the_program != "Ask for help"


@pytest.mark.parametrize(
    ("last", "joined"), [("eira", "a, b, ac eira"), ("môr", "a, b, a môr"), ("Ŵyl", "a, b, ac Ŵyl")]
)
def test_welsh_and_changes_before_a_vowel(last: str, joined: str) -> None:
    gettext.activate("cy")
    assert gettext.format_list(["a", "b", last]) == joined


@pytest.mark.parametrize(
    ("kilometres", "about", "words"),
    [
        (0.5, False, "less than a mile"),
        (1.6, False, "1 mile"),
        (3.2, False, "2 miles"),
        (1.6, True, "about 1 mile"),
        (3.2, True, "about 2 miles"),
    ],
)
def test_one_mile_is_no_plural(kilometres: float, about: bool, words: str) -> None:
    assert formatting.distance(kilometres, about) == words


@pytest.mark.parametrize("language", ["pl", "not a language", "../cy", ""])
def test_a_language_without_translations_is_refused_by_name(language: str) -> None:
    with pytest.raises(gettext.UnknownLanguage, match=r"There are: cy, en\.") as refused:
        gettext.activate(language)
    assert f'"{language}"' in str(refused.value)


def test_a_template_escapes_what_fills_a_message_and_not_the_message(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '{{ _("<b>Ask</b> %(name)s", name=name) }}|{% trans %}\n  Ring\n {{ name }}\n{% endtrans %}'
        '|{{ ngettext("%(num)s dog", "%(num)s dogs", 2) }}|{{ pgettext("month", "May") }}'
    )
    html = print_template(Templates(tmp_path), "page.html", name="<i>")
    assert html == "<b>Ask</b> &lt;i&gt;|Ring &lt;i&gt;|2 dogs|May"


def test_a_percent_sign_in_a_message_stands_on_the_page_once(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '{{ _("All %(part)s of 100%%", part=part) }}|{% trans %}5 % & more{% endtrans %}'
    )
    assert (
        print_template(Templates(tmp_path), "page.html", part="<1>")
        == "All &lt;1&gt; of 100%|5 % & more"
    )


def test_a_message_in_a_variable_is_translated_too(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('{% set what = "Ask" %}{{ _(what) }}, {{ _(other) }}')
    assert print_template(Templates(tmp_path), "page.html", other="<Ring>") == "Ask, <Ring>"


def test_templates_follow_a_language_activated_after_they_were_compiled(project: Path) -> None:
    (project / "page.html").write_text('{{ _("Ask %(name)s", name="Mabel") }}')
    templates = Templates(project)
    assert print_template(templates, "page.html") == "Ask Mabel"
    gettext.activate_for_project(project)
    assert print_template(templates, "page.html") == "Gofynnwch i Mabel"


def test_scripts_use_the_translations(project: Path) -> None:
    assets = project / "site" / "assets"
    assets.mkdir(parents=True)
    (assets / "i18n.js").write_bytes((ROOT / "site" / "assets" / "i18n.js").read_bytes())
    node = find_node()
    assert node
    asking = (
        'import { _, ngettext } from "./i18n.js";\n'
        "const dogs = [1, 2, 5].map((num) => ngettext('%(num)s dog', '%(num)s dogs', num));\n"
        "const texts = [_('Ask %(name)s', { name: '<$&>' }), _('Ring %(who)s', { who: 'us' })];\n"
        "texts.push(_('Ring %(who)s', { who: 'אב' }));\n"
        "console.log(JSON.stringify([...texts, ...dogs, _('5 %%')]));\n"
    )
    (assets / "asking.mjs").write_text(asking)
    (assets / "asking.js").write_text(asking)  # where messages are looked for
    for words, dogs in (
        (_english, ["1 dog", "2 dogs", "5 dogs"]),
        (_welsh, ["1 ci", "2 gi", "5 o gŵn"]),
    ):
        words(project)
        ran = subprocess.run(
            [node, assets / "asking.mjs"], capture_output=True, text=True, check=True
        )
        ask_text, ring, isolated, *other_texts = json.loads(ran.stdout)
        assert ask_text.endswith("<$&>")
        assert isolated == "Ring \u2068אב\u2069", "a name that runs from right to left"
        assert (ring, other_texts) == ("Ring us", [*dogs, "5 %"])


def _english(project: Path) -> None:
    source = ROOT / "site" / "assets" / "words.js"
    (project / "site" / "assets" / "words.js").write_bytes(source.read_bytes())


def _welsh(project: Path) -> None:
    gettext.activate_for_project(project)
    script_messages.write(project, project / "site")
    assert "Gofynnwch" in (project / "site" / "assets" / "words.js").read_text("utf-8")
