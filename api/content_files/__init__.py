"""Entries in `content/` that the service writes."""
