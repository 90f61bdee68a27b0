"""Calendars, feeds, sitemap and manifest."""
