"""Gaps: how often there was nothing of a kind in an area, counted by the month and by nobody."""
