"""Invents activities: the same for the same seed, spread as in life.

All of them lie in the demonstration area, whose places do not exist. Names follow Zipf's law,
kinds and places a milder one; facts are left unknown as often as editors leave them.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Generic, TypeVar

from catalogue.model.activity import (
    Activity,
    Contact,
    CostOption,
    Eligibility,
    FirstVisit,
    GettingThere,
    Places,
    Provider,
    Timetable,
    Venue,
    Way,
    YesNoUnknown,
)
from catalogue.model.taxonomy import Area, Kind, Taxonomy
from catalogue.model.text import slug_of
from catalogue.outputs.search.documents import DAYS
from catalogue.schedule import schedule
from tests.support import phrasebook as book

T = TypeVar("T")
CHECKED = date(2026, 11, 1)
A_MONDAY = date(2026, 1, 5)
RARE_NAMES = 20_000
SENTENCES = (8, 14)
MILD = 0.6  # of the spread of kinds and places: the commonest kind is about a twentieth of all
ONLINE, BY_PHONE = 0.06, 0.05  # of all activities; the rest happen in person
ALL_OF_THE_AREA = 0.5  # of those without a venue


class Zipf(Generic[T]):
    """Draws from a list: the n-th thing n ** power times as rarely as the first."""

    def __init__(self, values: Sequence[T], chance: random.Random, power: float = 1.0) -> None:
        self._things = list(values)
        self._up_to = list(accumulate((rank + 1) ** -power for rank in range(len(values))))
        self._chance = chance

    def __call__(self) -> T:
        """Return one thing."""
        return self._chance.choices(self._things, cum_weights=self._up_to)[0]


class _Gaps(dict[str, object]):
    """Words for the gaps of one sentence, drawn as they are met."""

    def __init__(self, steady: dict[str, str], draw: dict[str, Callable[[], object]]) -> None:
        super().__init__(steady)
        self._draw = draw

    def __missing__(self, gap: str) -> object:
        return self.setdefault(gap, self._draw[gap]())


class Inventor:
    """Invents one activity after another for a taxonomy that has a demonstration area."""

    def __init__(self, taxonomy: Taxonomy, seed: int) -> None:
        self.chance = random.Random(seed)
        areas = [area for area in taxonomy.areas if area.demonstration == "yes"]
        self.whole_area = next(area for area in areas if not area.within)
        self.places = Zipf([area for area in areas if area.within], self.chance, MILD)
        self.kinds = Zipf(_mixed(taxonomy.kinds), self.chance, MILD)
        self.needs = [need.slug for need in taxonomy.needs]
        self.facts = [fact.slug for fact in taxonomy.access]
        self.rare = Zipf([*dict.fromkeys(self._name() for _ in range(RARE_NAMES))], self.chance)
        self.streets = Zipf([f"{self._name()} {s}" for s in book.STREETS * 60], self.chance)

    def _name(self) -> str:
        middle = self.chance.choice(book.MIDDLES) if self.chance.random() < 0.7 else ""
        name = self.chance.choice(book.STARTS) + middle + self.chance.choice(book.ENDS)
        return name.capitalize()

    def activities(self, count: int) -> Iterator[Activity]:
        """Yield activities with slugs of their own."""
        for number in range(count):
            yield self._activity(number)

    def _activity(self, number: int) -> Activity:
        kinds = tuple(dict.fromkeys(self.kinds() for _ in range(self._one_of((1, 75), (2, 25)))))
        attendance: Way = self._one_of(
            ("online", ONLINE), ("by phone", BY_PHONE), ("in person", 1.0)
        )
        venues = tuple(self._venues()) if attendance == "in person" else ()
        place = venues[0].place if venues else self.places().name
        fill = self._filler(kinds[0], place)
        title = fill(self._any(book.TITLES))[:120]
        title = title[:1].upper() + title[1:]
        everywhere = self.chance.random() < ALL_OF_THE_AREA
        return Activity(
            slug=f"{slug_of(title)[:60].strip('-')}-{number}",
            title=title,
            summary=fill(self._any(book.SUMMARIES))[:220],
            kinds=tuple(kind.slug for kind in kinds),
            needs=tuple(self.chance.sample(self.needs, self._one_of((0, 85), (1, 10), (2, 5)))),
            ways=(attendance,),
            provider=Provider(name=fill("{rare} " + self._any(("Trust", "Neighbours", "CIC")))),
            status=self._one_of(("active", 80), ("unknown", 18), ("temporarily closed", 2)),
            venues=venues,
            schedule=self._timetables(),
            cost=self._cost(),
            access=self._access(0.4),
            eligibility=Eligibility(minimum_age=self._one_of((None, 3), (18, 1), (50, 1))),
            area_served=() if venues else (self.whole_area.name if everywhere else place,),
            contact=Contact(phone=f"01632 960{self.chance.randrange(1000):03}"),
            places=Places(booking=self._one_of(("not needed", 3), ("ring first", 1))),
            first_visit=FirstVisit(
                greeter=fill("{name}"), welcomes_newcomers_alone=self._known_facts()
            ),
            getting_there=GettingThere(
                bus=fill("{bus} to {street}"), lift_offered=self._known_facts()
            ),
            assured_on=CHECKED - timedelta(days=self.chance.randrange(400)),
            body=self._body(fill),
            demonstration=True,
        )

    def _body(self, fill: Callable[[str], str]) -> str:
        count = self.chance.randint(*SENTENCES)
        return " ".join(fill(sentence) for sentence in self.chance.sample(book.SENTENCES, count))

    def _venues(self) -> Iterator[Venue]:
        for _ in range(self._one_of((1, 92), (2, 8))):
            area = self.places()
            yield Venue(
                place=area.name,
                name=self._any(book.VENUES).removeprefix("the ").capitalize(),
                address=f"{self.chance.randrange(1, 90)} {self.streets()}",
                postcode=self._postcode(area),
                access=self._access(0.5),
            )

    def _postcode(self, area: Area) -> str:
        inward = f"{self.chance.randrange(1, 9)}{self._any('ABDEFGHJ')}{self._any('LNPQRSTU')}"
        return f"{self._any(area.outward_codes)} {inward}" if self.chance.random() < 0.8 else ""

    def _timetables(self) -> tuple[Timetable, ...]:
        if self.chance.random() < 0.07:
            return ()
        return tuple(self._timetable() for _ in range(self._one_of((1, 9), (2, 1))))

    def _timetable(self) -> Timetable:
        opens = 9 + self.chance.randrange(11)
        half = self._any(("00", "30"))
        weekday = self.chance.randrange(7)
        when = self._any(book.WHEN).format(
            day=DAYS[weekday].capitalize(),
            nth=self._any(book.NTHS),
            opens=f"{opens:02}:{half}",
            closes=f"{opens + 2:02}:{half}",
            date=A_MONDAY + timedelta(days=weekday),
        )
        certain = schedule.parse(when).certain and self.chance.random() < 0.25
        return Timetable(when=when, except_=(self._any(book.EXCEPTIONS),) if certain else ())

    def _cost(self) -> tuple[CostOption, ...]:
        pence: int | None = self._one_of((None, 25), (0, 40), (100, 10), (250, 15), (500, 10))
        if pence is None:
            return ()
        return (CostOption(price_pence=pence, condition=self._any(book.CONDITIONS)),)

    def _access(self, completeness: float) -> dict[str, YesNoUnknown]:
        known_facts = [fact for fact in self.facts if self.chance.random() < completeness / 4]
        return {fact: self._one_of(("yes", 7), ("no", 3)) for fact in known_facts}

    def _known_facts(self) -> YesNoUnknown:
        return self._one_of(("unknown", 6), ("yes", 3), ("no", 1))

    def _filler(self, kind: Kind, place: str) -> Callable[[str], str]:
        """Return what fills the gaps of sentences about one activity."""
        steady = {"label": kind.label, "place": place, "venue": self._any(book.VENUES)}
        aliases = kind.aliases or (kind.label,)
        draw: dict[str, Callable[[], object]] = {
            "alias": lambda: self._any(aliases),
            "Alias": lambda: self._any(aliases).capitalize(),
            "name": lambda: self._any(book.FIRST_NAMES),
            "other": lambda: self._any(book.SECOND_NAMES),
            "elsewhere": lambda: self.kinds().label.lower(),
            "rare": self.rare,
            "street": self.streets,
            "noun": lambda: self._any(book.NOUNS),
            "noun2": lambda: self._any(book.NOUNS),
            "adjective": lambda: self._any(book.ADJECTIVES),
            "food": lambda: self._any(book.FOODS),
            "drink": lambda: self._any(book.DRINKS),
            "thing": lambda: self._any(book.THINGS),
            "weather": lambda: self._any(book.WEATHERS),
            "month": lambda: self._any(book.MONTHS),
            "number": lambda: self.chance.randrange(5, 60),
            "bus": lambda: self.chance.randrange(1, 99),
        }
        return lambda sentence: sentence.format_map(_Gaps(steady, draw))

    def _any(self, values: Sequence[T]) -> T:
        return self.chance.choice(values)

    def _one_of(self, *weighted: tuple[T, float]) -> T:
        """Return one of the values, each as often as its weight says."""
        values = [value for value, _ in weighted]
        return self.chance.choices(values, [weight for _, weight in weighted])[0]


def _mixed(values: Sequence[T]) -> list[T]:
    """Return the things in an order that is not the taxonomy's, the same for every seed."""
    return random.Random(1).sample(list(values), len(values))
