"""The judged sentences speak of what is there, and the measure counts as it says."""

from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search.filters import DAYS, PARTS
from catalogue.read import load
from tests.support import generate, sentences
from tests.support.sentences import A_KIND, Outcome, Sentence

KINDS = {"choir-a": ("choir",), "baby-b": ("parent-and-baby",), "walk-c": ("walking-group",)}


def catalogue() -> Catalogue:
    project = load.read_project(generate.ROOT)
    assert project.catalogue, project.faults
    return project.catalogue


def test_sentences_name_activities_kinds_pages_and_filters_that_exist() -> None:
    directory = catalogue()
    slugs = {activity.slug for activity in directory.activities}
    kinds = {A_KIND + kind.slug for kind in directory.taxonomy.kinds}
    facts = {fact.slug for fact in directory.taxonomy.access}
    pages = {
        f"/pledges/{signatory.pledge}/{signatory.slug}/" for signatory in directory.signatories
    }
    for pledge in directory.pledges:
        pages |= {f"/pledges/{pledge.slug}/", f"/pledges/{pledge.slug}/sign/"}
    pages |= {f"/{file.stem}/" for file in (generate.ROOT / "content").glob("*.md")}
    for course in directory.courses:
        pages |= {f"/training/{course.slug}/{step.slug}/" for step in course.steps}
        pages.add(f"/training/{course.slug}/")
    judged = (*sentences.open_half(), *(sentences.reported_half() or ()))
    for sentence in judged:
        slugs_named = {slug for slug in sentence.relevant if not slug.startswith("/")}
        assert slugs_named <= slugs, sentence.q
        assert {slug for slug in sentence.relevant if slug.startswith("/")} <= pages, sentence.q
        assert set(sentence.wrong) <= slugs | kinds, sentence.q
        assert sentence.expects_none != bool(sentence.relevant), sentence.q
        for filters in (sentence.filters, sentence.filters_may):
            assert set(filters.get("day", ())) <= set(DAYS), sentence.q
            assert set(filters.get("time", ())) <= set(PARTS), sentence.q
            assert set(filters.get("access", ())) <= facts, sentence.q
    assert len({sentence.number for sentence in judged}) == len(judged)


def test_shares_are_of_what_comes_first() -> None:
    sentences_asked = (
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
    shares = sentences.measure(sentences_asked, outcomes.__getitem__, KINDS)
    assert shares["when"] == sentences.Shares(2, 0.5, 0.5, 0.5)
    assert shares["place"] == sentences.Shares(2, 1.0, 1.0, 1.0)
    assert shares["all"].count == 4


def test_what_is_relevant_is_never_wrong_for_its_kind() -> None:
    sentence = Sentence(
        1, "who", "dads", "", relevant=("baby-b",), wrong=("kind:parent-and-baby", "choir-a")
    )
    assert sentence.is_clean(["baby-b"], KINDS)
    assert not sentence.is_clean(["baby-b", "choir-a"], KINDS)


def test_a_filter_too_many_is_not_understood_unless_it_may_be() -> None:
    sentence = Sentence(
        1, "when", "", "", filters={"day": ("monday",)}, filters_may={"time": ("morning",)}
    )
    assert sentence.is_understood([("day", "monday")])
    assert sentence.is_understood([("day", "monday"), ("time", "morning")])
    assert not sentence.is_understood([("day", "monday"), ("free", "yes")])
    assert not sentence.is_understood([("time", "morning")])
