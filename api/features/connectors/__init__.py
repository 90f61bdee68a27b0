"""Connectors: their course, their own page and card, and that they pointed somebody somewhere."""
