"""Entries of activities in the browser: staff add, change, end, take off and bring back."""

from api.features.entries.pages import edit_url

__all__ = ["edit_url"]
