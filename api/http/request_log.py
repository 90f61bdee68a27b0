"""The log line of a request: method, route's template, status, time, request id.

Never the path or the query, which may hold a reference or a token, nor an error's message, which
may quote what was sent. An error is logged by its type and its place in our code.
"""

import logging
import traceback
from pathlib import Path

from litestar.types import HTTPScope

from api.http.problems import request_id

logger = logging.getLogger("kith.request")

_FRAMES = 3
_ROOT = Path(__file__).parents[2]
_OURS = (str(_ROOT / "api"), str(_ROOT / "catalogue"))


def log_request(scope: HTTPScope, method: str, status: int, seconds: float) -> None:
    """Write the line: at ERROR for a fault of ours, with where it happened, else at INFO."""
    error = scope.get("kith_error")
    logger.log(
        logging.ERROR if error or status >= 500 else logging.INFO,
        "method=%s route=%s status=%d ms=%.1f request=%s%s",
        method if method.isalpha() and method.isascii() else "-",
        scope.get("path_template") or "-",
        status,
        seconds * 1000,
        request_id(scope),
        f' error="{_describe(error)}"' if isinstance(error, BaseException) else "",
    )


def _describe(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own_frames = [frame for frame in frames if frame.filename.startswith(_OURS)] or frames
    places = [f"{Path(at.filename).name}:{at.lineno}:{at.name}" for at in own_frames[-_FRAMES:]]
    cause = f" from {type(error.__cause__).__name__}" if error.__cause__ else ""
    return f"{type(error).__name__}{cause} at {' < '.join(reversed(places))}"
