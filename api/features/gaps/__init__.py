"""Gaps: how often there was nothing of a kind in an area, counted by the month and by nobody."""

from api.features.gaps.counter import GapCounter, count_gap
from api.features.gaps.store import ANY, Gap, add_gaps

__all__ = ["ANY", "Gap", "GapCounter", "add_gaps", "count_gap"]
