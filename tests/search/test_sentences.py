"""The judged sentences speak of what is there, and the measure counts as it says."""

from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search.filters import DAYS, PARTS
from catalogue.read import load
from tests.support import generate, sentences
from tests.support.sentences import A_KIND, Outcome, Sentence

KINDS = {"choir-a": ("choir",), "baby-b": ("parent-and-baby",), "walk-c": ("walking-group",)}


def catalogue() -> Catalogue:
    reading = load.read_project(generate.ROOT)
    assert reading.catalogue, reading.faults
    return reading.catalogue


def test_sentences_name_activities_kinds_pages_and_filters_that_exist() -> None:
    directory = catalogue()
    slugs = {one.slug for one in directory.activities}
    kinds = {A_KIND + one.slug for one in directory.taxonomy.kinds}
    facts = {one.slug for one in directory.taxonomy.access}
    pages = {f"/pledges/{one.pledge}/{one.slug}/" for one in directory.signatories}
    for pledge in directory.pledges:
        pages |= {f"/pledges/{pledge.slug}/", f"/pledges/{pledge.slug}/sign/"}
    pages |= {f"/{file.stem}/" for file in (generate.ROOT / "content").glob("*.md")}
    for course in directory.courses:
        pages |= {f"/training/{course.slug}/{step.slug}/" for step in course.steps}
        pages.add(f"/training/{course.slug}/")
    judged = (*sentences.open_half(), *(sentences.reported_half() or ()))
    for one in judged:
        named = {slug for slug in one.relevant if not slug.startswith("/")}
        assert named <= slugs, one.q
        assert {slug for slug in one.relevant if slug.startswith("/")} <= pages, one.q
        assert set(one.wrong) <= slugs | kinds, one.q
        assert one.expects_none != bool(one.relevant), one.q
        for meant in (one.filters, one.filters_may):
            assert set(meant.get("day", ())) <= set(DAYS), one.q
            assert set(meant.get("time", ())) <= set(PARTS), one.q
            assert set(meant.get("access", ())) <= facts, one.q
    assert len({one.number for one in judged}) == len(judged)


def test_shares_are_of_what_comes_first() -> None:
    asked = (
        Sentence(
            1, "when", "choir saturday", "", relevant=("choir-a",), filters={"day": ("saturday",)}
        ),
        Sentence(2, "when", "my dad", "", relevant=("choir-a",), wrong=("kind:parent-and-baby",)),
        Sentence(3, "place", "chess", "", expects_none=True, wrong=("walk-c",)),
        Sentence(4, "place", "pledge", "", relevant=("/pledges/x/",)),
    )
    outcomes = {
        "choir saturday": Outcome(("choir-a",), (("day", "saturday"),)),
        "my dad": Outcome(("baby-b", *("walk-c",) * 4, "choir-a"), (("free", "yes"),)),
        "chess": Outcome(()),
        "pledge": Outcome(("walk-c",), pages=("/pledges/x/",)),
    }
    shares = sentences.measure(asked, outcomes.__getitem__, KINDS)
    assert shares["when"] == sentences.Shares(2, 0.5, 0.5, 0.5)
    assert shares["place"] == sentences.Shares(2, 1.0, 1.0, 1.0)
    assert shares["all"].count == 4


def test_what_is_relevant_is_never_wrong_for_its_kind() -> None:
    one = Sentence(
        1, "who", "dads", "", relevant=("baby-b",), wrong=("kind:parent-and-baby", "choir-a")
    )
    assert one.is_clean(["baby-b"], KINDS)
    assert not one.is_clean(["baby-b", "choir-a"], KINDS)


def test_a_filter_too_many_is_not_understood_unless_it_may_be() -> None:
    one = Sentence(
        1, "when", "", "", filters={"day": ("monday",)}, filters_may={"time": ("morning",)}
    )
    assert one.is_understood([("day", "monday")])
    assert one.is_understood([("day", "monday"), ("time", "morning")])
    assert not one.is_understood([("day", "monday"), ("free", "yes")])
    assert not one.is_understood([("time", "morning")])
