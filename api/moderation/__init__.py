"""Moderation of what strangers send: queue, lock, decide, undo, history, reasons, commands."""
