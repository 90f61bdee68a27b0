"""Collects what a library logs as warnings, so that its failure is reported with the reasons."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.messages.append(record.getMessage())


@contextmanager
def capture_warnings(logger: str) -> Iterator[list[str]]:
    """Yield the list that fills with what a logger warns of."""
    collector, source = _Collector(), logging.getLogger(logger)
    source.addHandler(collector)
    try:
        yield collector.messages
    finally:
        source.removeHandler(collector)
