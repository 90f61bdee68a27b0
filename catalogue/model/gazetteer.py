"""Looks places up by name and postcode: those of this directory, then those of the UK, then venues.

A person may write "temeford", "Upper Thistlow, Harrow Vale", "ZZ3", "zz3 1aa", "wells somerset" or
"near the Mill". A place is known or it is not: what only looks like one, or is one of several, is
offered and never taken. Only the outward code of a postcode is shown again: a whole one names a
handful of houses. Distances are counted from the whole one where postcodes were imported.
`site/assets/search_places.js` follows the same rules, held to the same cases.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Protocol

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalogue.model.geo import Point, kilometres, middle
from catalogue.model.search_constants import PLACES, RULES, SPELLING, phrases
from catalogue.model.taxonomy import Area, Taxonomy
from catalogue.model.text import outward_code, postcode_area, postcode_parts
from catalogue.model.uk_places import NATIONS, UkPlace, place_key, uk_places

OFFERS = 6  # places offered at most
LETTERS = 2  # of a postcode area that stands alone; one letter begins anything
COUNTY_KM = 15  # the county of an area is that of a place so near, and so its outward code
TOWN_KM = 50  # an outward code of which only its main town is known lies no further from that
ROAD = place_key("street")  # also the name of a town, which no address means


def _keys(text: str) -> frozenset[str]:
    return frozenset(map(place_key, phrases(text)))


NEAR, ANYWHERE = _keys(PLACES.before), _keys(PLACES.anywhere)
SELF, COMMON = _keys(PLACES.self), _keys(PLACES.common)
MEASURED = re.compile(
    r"(?:(?:within-)?\d+-(?:miles?|km)-(?:of|from|around)|(?:city|town|village|county)-of)-"
)
"""What stands before the key of a place and says how far from it, or of what sort it is."""


class Place(msgspec.Struct, frozen=True):
    """A place that was recognised: the name to show, its areas, and the outward code if one.

    `point` is where distances are counted from, `about` being true for a mere middle. It is None
    for an area that has others within it, whose middle says nothing, and where it is not known.
    `town` is named where the point is that of the main town of a postcode's area.
    """

    name: str
    areas: tuple[str, ...]
    outward_code: str = ""
    point: Point | None = None
    town: str = ""


class PlaceMatch(msgspec.Struct, frozen=True):
    """The place that a text names, None where it names none for sure, and others it may mean."""

    place: Place | None = None
    offers: tuple[str, ...] = ()


class Venue(msgspec.Struct, frozen=True):
    """Where activities of this directory happen: its name, the area it lies in, and its point."""

    name: str
    area: str
    point: Point | None = None

    @property
    def label(self) -> str:
        """Return what is shown for it."""
        return f"{self.name}, {self.area}"

    @property
    def key(self) -> str:
        """Return what ways to write its name have in common."""
        return place_key(self.name).removeprefix("the-")


class _Candidate(msgspec.Struct, frozen=True):
    """A place of some name. `key` is the whole of what is shown for it.

    It is an area of this directory, a venue in an area, or a place of the UK.
    """

    label: str
    key: str
    place: Place
    area: str = ""
    is_venue: bool = False
    uk: UkPlace | None = None


class Postcodes(Protocol):
    """The points of whole postcodes."""

    def point(self, postcode: str) -> Point | None:
        """Return where a postcode lies, written in capitals without a space."""


class Gazetteer(msgspec.Struct, frozen=True, dict=True):
    """The areas of the taxonomy, outward codes that only venues have, middles of codes, venues."""

    areas: tuple[Area, ...]
    venue_codes: frozenset[str] = frozenset()
    middles: dict[str, Point] = {}
    postcodes: Postcodes | None = None
    venues: tuple[Venue, ...] = ()

    def find(self, text: str) -> Place | None:
        """Return the place a person means by a text; None where none is known for sure."""
        return self.look_up(text).place

    def look_up(self, text: str) -> PlaceMatch:
        """Return the place that a text names, and what else it may mean.

        Beside a place, the offers are others of its name; without one, those it may be.
        """
        by_code = self._by_code(text)
        if by_code:
            return PlaceMatch(by_code, _labels(self._named(place_key(text))))
        words = place_key(text).split("-")
        bare = _without_near(words)
        offers: list[str] = []
        for name_words in dict.fromkeys((tuple(words), tuple(bare))):
            text_key = "-".join(name_words)
            if text_key in NATIONS:
                return PlaceMatch(None, _labels(self._named(text_key)))
            for length in range(len(name_words), 0, -1):
                name, around = "-".join(name_words[:length]), name_words[length:]
                candidates = self._named(name)
                longer = self._long_forms(name) if candidates else []
                match = self._chosen(candidates, longer, around, text_key)
                if match.place or match.offers:
                    return match
                offers += _labels(self._fitting(longer, around))
                offers += _labels(_of_addresses(candidates, length))
        turned = self._turned_round(bare)
        if turned.place or turned.offers:
            return turned
        all_offers = [*self._spaced_otherwise(bare), *offers, *self._within_text(bare)]
        return PlaceMatch(None, _first(all_offers) or self._resembling(text))

    def is_invented(self, place: Place) -> bool | None:
        """Say whether a place belongs to the demonstration; None where that is not known.

        A point far from all areas is real, if it is known where these lie.
        """
        if place.areas:
            return any(map(self.is_invented_area, place.areas))
        measured = any(area.point for area in self.areas)
        return False if place.point and measured else None

    def is_invented_area(self, name: str) -> bool:
        """Say whether an area is of the demonstration, or lies in one that is."""
        return any(self._area[wider].demonstration == "yes" for wider in self._around[name])

    def reach(self, places: Iterable[str], area_served: Iterable[str]) -> tuple[str, ...]:
        """Return every area whose people an activity is for.

        That is where it happens, what it serves, all areas around them, and all within what it
        serves: a line for the whole of Harrow Vale is also for Temeford. `area_served` may hold
        the areas around those written, as search documents have it: only the narrowest count.
        """
        served = list(area_served)
        around = {wider for name in served for wider in self._around[name][1:]}
        narrowest = [name for name in served if name not in around]
        near = [wider for name in (*places, *narrowest) for wider in self._around[name]]
        within = [inner for name in narrowest for inner in self._within[name]]
        return tuple(dict.fromkeys([*near, *within]))

    def covers(self, area_served: Iterable[str], place: Place) -> bool:
        """Say whether an activity that serves these areas is for people in a place."""
        return bool(set(self.reach((), area_served)) & set(place.areas))

    def areas_at(self, point: Point, within_km: float = RULES.area_km) -> tuple[str, ...]:
        """Return the narrowest area whose middle is nearest to a point; nothing far from all."""
        places = map(self._area_place, self._area)
        distances = [
            (kilometres(place.point, point), place.areas) for place in places if place.point
        ]
        nearest, areas = min(distances, default=(within_km, ()))
        return areas if nearest < within_km else ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Return all outward codes known here."""
        return tuple(self._by_outward_code)

    def of_code(self, code: str) -> tuple[str, ...]:
        """Return the narrowest areas an outward code belongs to."""
        return self._by_outward_code.get(code, ())

    @cached_property
    def _area(self) -> dict[str, Area]:
        return {area.name: area for area in self.areas}

    @cached_property
    def _around(self) -> dict[str, tuple[str, ...]]:
        """Every area with all it lies within, nearest first."""
        return {name: self._chain(name) for name in self._area}

    @cached_property
    def _within(self) -> dict[str, tuple[str, ...]]:
        """Every area with all that lie within it."""
        return {
            name: tuple(inner for inner in self._area if name in self._around[inner][1:])
            for name in self._area
        }

    def _chain(self, name: str) -> tuple[str, ...]:
        chain: list[str] = []
        while name in self._area and name not in chain:
            chain.append(name)
            name = self._area[name].within
        return tuple(chain)

    @cached_property
    def _by_outward_code(self) -> dict[str, tuple[str, ...]]:
        """Every outward code with the narrowest areas that have it."""
        having: dict[str, list[str]] = {code: [] for code in self.venue_codes}
        for area in self.areas:
            for code in area.outward_codes:
                having.setdefault(code, []).append(area.name)
        return {
            code: tuple(name for name in names if not set(self._within[name]) & set(names))
            for code, names in having.items()
        }

    def _by_code(self, text: str) -> Place | None:
        code, inward = postcode_parts(text)
        if not code:
            letters = text.strip().upper()
            is_area = len(letters) == LETTERS and letters.lower() not in NEAR
            return _at_town(letters) if is_area else None
        areas = self._by_outward_code.get(code)
        exact = self.postcodes.point(code + inward) if self.postcodes and inward else None
        if areas is not None:
            return Place(code, areas, code, exact or self._middle(code, areas))
        exact = exact or self.middles.get(code)
        if exact:
            return Place(code, self.areas_at(exact), code, exact)
        return _at_town(code)

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {place_key(name): name for name in self._area}

    def _named(self, key: str) -> list[_Candidate]:
        """Return all places of a name, those of this directory first."""
        area_name = self._by_key.get(key)
        candidates = (
            [_Candidate(area_name, key, self._area_place(area_name), area_name)]
            if area_name
            else []
        )
        candidates += [
            _Candidate(uk.label, place_key(uk.label), self._uk_place(uk), uk=uk)
            for uk in uk_places().named(key)
            if not area_name or not self._is_the_same(area_name, uk)
        ]
        return candidates or self._venues_by_key.get(key.removeprefix("the-"), [])

    @cached_property
    def _venues_by_key(self) -> dict[str, list[_Candidate]]:
        """Venues by name, each once: one whose spot is known goes before one in its area."""
        by_key: dict[str, list[_Candidate]] = {}
        for label, same in groupby(sorted(self.venues, key=_label_and_spot), attrgetter("label")):
            venue = next(same)
            place = Place(label, (venue.area,), point=venue.point)
            candidate = _Candidate(label, place_key(label), place, venue.area, is_venue=True)
            by_key.setdefault(venue.key, []).append(candidate)
        return by_key

    def _long_forms(self, key: str) -> list[_Candidate]:
        """Return the places of the UK that people may mean by this name, cut short."""
        return [
            candidate
            for other in uk_places().long_forms.get(key, ())
            for candidate in self._named(other)
        ]

    def _turned_round(self, words: Sequence[str]) -> PlaceMatch:
        """Return the place of "somerset, wells", where the last words lie in the first."""
        for at in range(1, len(words)):
            around, name = words[:at], "-".join(words[at:])
            if "-".join(around) not in ANYWHERE:
                match = self._chosen(self._named(name), [], around, name)
                if match.place or match.offers:
                    return match
        return PlaceMatch()

    def _within_text(self, words: Sequence[str]) -> Iterator[str]:
        """Yield the places that an address names after its first word: "3 Mill Lane, Wells"."""
        for start in range(1, len(words)):
            for length in range(len(words) - start, 0, -1):
                key = "-".join(words[start : start + length])
                candidates = [] if key == ROAD or key in NATIONS else self._named(key)
                candidates = _of_addresses(candidates, length)
                fitting = self._fitting(candidates, words[start + length :])
                yield from _labels(fitting or candidates)

    def _spaced_otherwise(self, words: Sequence[str]) -> Iterator[str]:
        """Yield the places of this name, of which words were run together or parted."""
        together = "".join(words)
        spelt = zip(self._run_together, self._every_key, strict=True)
        yield from self._labels(key for other, key in spelt if other == together)

    def _fitting(self, candidates: Sequence[_Candidate], around: Sequence[str]) -> list[_Candidate]:
        """Return those that lie where the words after their name say."""
        return [candidate for candidate in candidates if self._fits(candidate, around)]

    def _is_the_same(self, area_name: str, uk: UkPlace) -> bool:
        point = self._area[area_name].point
        return point is None or kilometres(point, uk.point) < RULES.area_km

    def _uk_place(self, uk: UkPlace) -> Place:
        if uk.is_county and (areas := self._areas_in(uk.label)):
            return Place(uk.label, areas)
        return Place(uk.label, self.areas_at(uk.point, RULES.near_km), point=uk.point)

    def _areas_in(self, county: str) -> tuple[str, ...]:
        """Return the narrowest areas that lie in a county."""
        return tuple(
            area.name
            for area in self.areas
            if area.point
            and not self._within[area.name]
            and any(uk.counties[0].name == county for uk in _places_at(area.point))
        )

    def _fits(self, candidate: _Candidate, around: Sequence[str]) -> bool:
        """Say whether the words after a name say where that place lies: "somerset", "mendip uk"."""
        explained = {0}  # how many words from the first on say it
        for start in range(len(around)):
            if start in explained:
                ends = range(start + 1, len(around) + 1)
                explained.update(
                    end for end in ends if self._lies_in(candidate, "-".join(around[start:end]))
                )
        return len(around) in explained

    def _lies_in(self, candidate: _Candidate, key: str) -> bool:
        if key in ANYWHERE:
            return True
        key = NATIONS.get(key, key)
        uk, area = candidate.uk, self._area.get(candidate.area)
        if area and key in {place_key(name) for name in self._around[area.name]}:
            return True
        if uk and uk.is_county:
            return uk.lies_in(key)
        point = uk.point if uk else area.point if area else None
        return point is not None and (
            any(place.lies_in(key) for place in ((uk,) if uk else _places_at(point)))
            or _is_near(point, key)
            or self._is_near_code(point, key)
        )

    def _is_near_code(self, point: Point, key: str) -> bool:
        """Say whether a word after a name is the outward code of a place there: "wells ba5"."""
        code = self._by_code(key) if outward_code(key) else None
        if code is None or code.point is None:
            return False
        return kilometres(code.point, point) < (TOWN_KM if code.town else COUNTY_KM)

    def _resembling(self, text: str) -> tuple[str, ...]:
        """Return what has these words in its name, or is spelt almost so."""
        for part in dict.fromkeys((text, text.partition(",")[0])):
            key = "-".join(_without_near(place_key(part).split("-")))
            if key and not SELF & set(key.split("-")):
                matches = (
                    self._longer_names(key)
                    or uk_places().counties_with(key)[:OFFERS]
                    or self._misspelt(key)
                )
                if matches:
                    return matches
        return ()

    def _longer_names(self, key: str) -> tuple[str, ...]:
        area_names = [name for other, name in self._by_key.items() if f"-{key}-" in f"-{other}-"]
        longer = (other for other in uk_places().keys if other.startswith(f"{key}-"))
        venues = (other for other in sorted(self._venues_by_key) if f"-{key}-" in f"-{other}-")
        return _first([*sorted(area_names), *self._labels(longer), *self._labels(venues)])

    def _misspelt(self, key: str) -> tuple[str, ...]:
        """Return the names nearest to a misspelt one; words run together count as apart."""
        sought = key.replace("-", "")
        if len(sought) < SPELLING.one_slip_from:
            return ()
        allowed = 2 if len(sought) >= SPELLING.two_slips_from else 1
        near = process.extract(
            sought, self._run_together, scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        least = min((distance for _, distance, _ in near), default=0)
        nearest = sorted(at for _, distance, at in near if distance == least)
        return _first(self._labels(self._every_key[at] for at in nearest))

    def _chosen(
        self,
        candidates: Sequence[_Candidate],
        longer: Sequence[_Candidate],
        around: Sequence[str],
        key: str,
    ) -> PlaceMatch:
        """Return the place that a text means, of those of its name, or all of them to choose from.

        An area of this directory goes first; then one whose shown name was written; then the one
        that is always meant, with the others to choose from. A venue is only offered if many are
        called so. `longer` are places whose name may have been cut short, `around` the words after
        the name, `key` is the whole text.
        """
        fitting = self._fitting(candidates, around)
        if not fitting:
            return PlaceMatch()
        first = fitting[0]
        if first.is_venue and COMMON.issuperset(key.split("-")):
            return PlaceMatch(None, _first(_labels(fitting)))
        exact = [candidate for candidate in fitting if candidate.key == key]
        sure = fitting[:1] if len(fitting) == 1 or (first.area and not first.is_venue) else exact
        mains = [candidate for candidate in fitting if candidate.uk and candidate.uk.is_main]
        is_sure = len(sure) == 1
        meant = sure if is_sure else mains[:1]
        also = [] if first.area or around else longer
        labels = _labels([*([] if is_sure else fitting), *also])
        return PlaceMatch(
            meant[0].place if meant else None,
            _first(label for label in labels if not meant or label != meant[0].label),
        )

    @cached_property
    def _every_key(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*self._by_key, *uk_places().keys, *self._venues_by_key]))

    @cached_property
    def _run_together(self) -> tuple[str, ...]:
        return tuple(key.replace("-", "") for key in self._every_key)

    def _labels(self, keys: Iterable[str]) -> Iterator[str]:
        return (candidate.label for key in keys for candidate in self._named(key))

    def _area_place(self, name: str) -> Place:
        """An area with others inside is measured from nowhere: its middle says nothing."""
        return Place(name, (name,), point=None if self._within[name] else self._area[name].point)

    def _middle(self, code: str, areas: tuple[str, ...]) -> Point | None:
        """Return the middle of the venues of an outward code, else of the areas that have it."""
        centre = self.middles.get(code)
        return centre or middle(
            place.point for place in map(self._area_place, areas) if place.point
        )


def _of_addresses(candidates: Sequence[_Candidate], word_count: int) -> list[_Candidate]:
    """Leave out venues of one word: "Mill Lane" does not mean the Mill."""
    return [candidate for candidate in candidates if word_count > 1 or not candidate.is_venue]


def _label_and_spot(venue: Venue) -> tuple[str, bool]:
    return venue.label, venue.point is None or venue.point.about


def _labels(candidates: Iterable[_Candidate]) -> tuple[str, ...]:
    return tuple(candidate.label for candidate in candidates)


def _at_town(code: str) -> Place | None:
    """Return the place of a code, or of the letters it begins with, at their main town."""
    town = uk_places().towns.get(postcode_area(code))
    return Place(code, (), code, town.point, town.name) if town else None


def _first(offers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(offers))[:OFFERS]


def _without_near(words: Sequence[str]) -> Sequence[str]:
    """Return the words after "near", "in", "5 miles from"; all of them where there is no other."""
    bare = MEASURED.sub("", "-".join(words), count=1).split("-")
    first = next((at for at, word in enumerate(bare) if word not in NEAR), 0)
    return bare[first:]


def _is_near(point: Point, key: str) -> bool:
    """Say whether a place of this name lies near enough to say where a smaller one is."""
    return any(kilometres(point, uk.point) < RULES.area_km for uk in uk_places().named(key))


@lru_cache(1_000)  # areas of a directory
def _places_at(point: Point) -> tuple[UkPlace, ...]:
    """Return the place nearest to a point, which says its county; nothing far from all."""
    distances = ((kilometres(point, uk.point), at) for at, uk in enumerate(uk_places().places))
    nearest, at = min(distances)
    return (uk_places().places[at],) if nearest < COUNTY_KM else ()


def area_of(place: str, taxonomy: Taxonomy) -> str | None:
    """Return the one area that free words or a postcode name; None where we know none.

    Where several areas fit, as with a postcode they share, it is the area around them all.
    """
    if place in taxonomy.area:
        return place
    match = _gazetteer(taxonomy.areas).find(place) if place.strip() else None
    if match is None or not match.areas:
        return None
    chains = [[area.name for area in taxonomy.around(name)] for name in match.areas]
    return next((name for name in chains[0] if all(name in chain for chain in chains)), None)


def area_named(text: str, taxonomy: Taxonomy) -> str | None:
    """Return the area that a text is a name of, as the closed list writes it; None for no area.

    "king’s lynn" is King's Lynn; of a postcode, or a place in an area, the area is not the name.
    """
    if text in taxonomy.area:
        return text
    match = _gazetteer(taxonomy.areas).find(text) if text.strip() else None
    return match.name if match and match.name in taxonomy.area else None


@lru_cache(2)  # of the current release, and of the one before it
def _gazetteer(areas: tuple[Area, ...]) -> Gazetteer:
    return Gazetteer(areas)
