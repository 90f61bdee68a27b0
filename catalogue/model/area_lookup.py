"""Where a person is, kept coarse: the area of our list that their words or postcode name."""

from functools import lru_cache

from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Area, Taxonomy


def area_of(place: str, terms: Taxonomy) -> str | None:
    """Return the area that free words or a postcode name; None where we know none.

    Where several areas fit, as with a postcode they share, it is the area around them all.
    """
    if place in terms.area:
        return place
    found = _gazetteer(terms.areas).find(place) if place.strip() else None
    if found is None or not found.areas:
        return None
    around = [[one.name for one in terms.around(name)] for name in found.areas]
    return next((name for name in around[0] if all(name in one for one in around)), None)


@lru_cache(2)  # of the release served, and of the one before it
def _gazetteer(areas: tuple[Area, ...]) -> Gazetteer:
    return Gazetteer(areas)
