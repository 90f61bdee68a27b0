"""Gaps: how often there was nothing of a kind in an area, counted by the month and by nobody."""

from api.features.gaps.count import GapCounter, count_gap

__all__ = ["GapCounter", "count_gap"]
