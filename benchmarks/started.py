"""The former place of `tests.support.kith_process`, for tests that still import it from here."""

from tests.support.kith_process import KITH, Started, plain_environ, running

__all__ = ["KITH", "Started", "plain_environ", "running"]
