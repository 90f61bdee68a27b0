"""Asking for help: a request comes in, a person answers it, and how it ended is written down."""
