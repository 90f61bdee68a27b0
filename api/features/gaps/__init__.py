"""Gaps: how often there was nothing of a kind in an area, counted by the month and by nobody."""

from api.features.gaps.count import GapCounter, count_gap
from api.features.gaps.store import ANY, Gap, add

__all__ = ["ANY", "Gap", "GapCounter", "add", "count_gap"]
