"""Moderation of sign-ups: queue, one sign-up, decisions, undo."""
