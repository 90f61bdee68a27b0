"""Invalidating many sign-ups at once: counted first, done in batches, stopped or undone whole."""
