"""`content/taxonomy.yml` into a `Taxonomy` in the active language, with its faults."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from catalogue.faults import Fault
from catalogue.i18n.gettext import active_language
from catalogue.i18n.taxonomy_words import TaxonomyWords
from catalogue.i18n.welsh import mutations
from catalogue.model.taxonomy import AccessFact, HelpNow, Kind, Need, Taxonomy
from catalogue.read import convert, entry

T = TypeVar("T", bound=msgspec.Struct)
MAX_BYTES = 262_144


def read_taxonomy(file: Path, root: Path, faults: list[Fault]) -> Taxonomy | None:
    """Read the taxonomy of the project in `root`.

    Adds to `faults` what is wrong with it; returns None where it cannot be used at all.
    """
    path = file.relative_to(root).as_posix()
    if not file.is_file():
        faults.append(Fault(path, 1, "", "is missing: a directory needs its closed lists"))
        return None
    try:
        parsed = entry.read_front_matter(file, root, MAX_BYTES)
    except entry.UnreadableEntry as error:
        faults.append(error.fault)
        return None
    imported = [field for field in ("middles", "postcodes") if field in parsed.front]
    if imported:
        faults.append(parsed.fault(imported[0], "comes from `kith gazetteer import` alone"))
        return None
    taxonomy = convert.to_struct(parsed, Taxonomy, faults)
    return taxonomy and _in_active_language(taxonomy)


def _in_active_language(taxonomy: Taxonomy) -> Taxonomy:
    """Return the lists with the labels and search words that the active language has for them."""
    words = active_language().taxonomy_words
    if words == TaxonomyWords():
        return taxonomy
    return msgspec.structs.replace(
        taxonomy,
        kinds=tuple(_kind(kind, words) for kind in taxonomy.kinds),
        needs=tuple(_need(need, words) for need in taxonomy.needs),
        access=tuple(_access_fact(fact, words) for fact in taxonomy.access),
        help_now=tuple(_help_now(entry_of_help, words) for entry_of_help in taxonomy.help_now),
        kind_groups=tuple(_labelled(group, words, "label") for group in taxonomy.kind_groups),
        signer_kinds=tuple(_labelled(kind, words, "label", "a") for kind in taxonomy.signer_kinds),
        areas=tuple(
            msgspec.structs.replace(
                area, terms=tuple(_labelled(term, words, "name") for term in area.terms)
            )
            for area in taxonomy.areas
        ),
    )


def _labelled(term: T, words: TaxonomyWords, *fields: str) -> T:
    """Return a term with these fields in the language."""
    return msgspec.structs.replace(
        term, **{field: words.label(getattr(term, field)) for field in fields}
    )


def _kind(kind: Kind, words: TaxonomyWords) -> Kind:
    named = _labelled(kind, words, "label", "plural")
    typed = words.search_words.kinds.get(kind.slug, ())
    here = _forms((named.label, named.plural, *typed))
    aliases = (*here, kind.label, kind.plural, *kind.aliases)
    return msgspec.structs.replace(named, aliases=tuple(dict.fromkeys(aliases)))


def _need(need: Need, words: TaxonomyWords) -> Need:
    named = _labelled(need, words, "label")
    here = _forms(words.search_words.needs.get(need.slug, ()))
    aliases = (*here, need.label, *need.aliases)
    return msgspec.structs.replace(named, aliases=tuple(dict.fromkeys(aliases)))


def _access_fact(fact: AccessFact, words: TaxonomyWords) -> AccessFact:
    named = _labelled(fact, words, "label", "short")
    here = _forms(words.search_words.access.get(fact.slug, ()))
    aliases = (*here, fact.short, *fact.aliases)
    return msgspec.structs.replace(named, aliases=tuple(dict.fromkeys(filter(None, aliases))))


def _help_now(help_now: HelpNow, words: TaxonomyWords) -> HelpNow:
    named = _labelled(help_now, words, "title", "text")
    numbers = tuple(_labelled(number, words, "says", "name") for number in help_now.numbers)
    typed = (*help_now.words, *_forms(words.search_words.help_now.get(help_now.slug, ())))
    return msgspec.structs.replace(named, numbers=numbers, words=tuple(dict.fromkeys(typed)))


def _forms(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts with the forms their first word takes in a Welsh sentence, in Welsh."""
    if active_language().language != "cy":
        return tuple(texts)
    return tuple(form for text in texts for form in (text, *mutations(text)))
