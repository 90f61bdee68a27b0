"""Moderation of what strangers send: queue, locks, decisions, undo, history, reasons, commands.

A feature brings its table, what each decision changes, and the words of its history.
"""
