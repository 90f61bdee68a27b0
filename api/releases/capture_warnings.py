"""What a program of others logs while it runs, so that its failure is told with the reasons."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a message."""
        self.said.append(record.getMessage())


@contextmanager
def warnings_of(logger: str) -> Iterator[list[str]]:
    """Yield the list that fills with what a logger warns of."""
    ear, heard = _Ear(), logging.getLogger(logger)
    heard.addHandler(ear)
    try:
        yield ear.said
    finally:
        heard.removeHandler(ear)
