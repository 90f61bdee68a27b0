"""What the closed lists of a directory are called in a language, and what people type for them.

`<language>/taxonomy.yml` stands beside the `kith.po` of each catalogue; the project's own come
first. Its labels are by their English: what a directory calls otherwise is its own word.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import yaml

FILE = "taxonomy.yml"
Words = Mapping[str, tuple[str, ...]]


class SearchWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What people type, by the slug of a term; `filters` as in `search_constants.toml`."""

    kinds: Words = {}
    needs: Words = {}
    access: Words = {}
    help_now: Words = {}
    filters: Words = {}


class TaxonomyWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A language's words for the closed lists."""

    labels: Mapping[str, str] = {}
    search_words: SearchWords = SearchWords()

    def label(self, english: str) -> str:
        """Return the label in this language; as it is where it is the directory's own."""
        return self.labels.get(english, english)

    def or_else(self, other: "TaxonomyWords") -> "TaxonomyWords":
        """Return these words, with those of another where these have none, all to search by."""
        both = {
            name: _joined(getattr(self.search_words, name), getattr(other.search_words, name))
            for name in SearchWords.__struct_fields__
        }
        return TaxonomyWords({**other.labels, **self.labels}, SearchWords(**both))


def read_taxonomy_words(files: Iterable[Path]) -> TaxonomyWords:
    """Read the files there are, the first counting most. Raises ValueError for a faulty one."""
    all_words = TaxonomyWords()
    for file in files:
        if file.is_file():
            all_words = all_words.or_else(_read(file))
    return all_words


def _read(file: Path) -> TaxonomyWords:
    try:
        plain = yaml.load(file.read_bytes(), Loader=yaml.BaseLoader)  # noqa: S506 - only str
        return msgspec.convert(plain or {}, TaxonomyWords)
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise ValueError(f"{file}: {error}") from error


def _joined(first: Words, second: Words) -> Words:
    slugs = dict.fromkeys([*first, *second])
    return {
        slug: tuple(dict.fromkeys((*first.get(slug, ()), *second.get(slug, ())))) for slug in slugs
    }
