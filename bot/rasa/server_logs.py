"""What Rasa's server may write to its log: what happened and where, never what a person wrote.

Rasa logs the text of a message when it fails on one, and its tracebacks carry local variables. Here an event keeps its
name only, and an exception its type and place.
"""

import logging
import sys
import traceback
import warnings
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

_Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _PlaceFormatter(logging.Formatter):
    def formatException(self, ei: _Caught) -> str:  # noqa: N802 - the name that logging calls
        """Frames and type of the exception; its message may quote the person's words."""
        kind, _, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "unknown error")


def _name_only(_: Any, method: str, event: MutableMapping[str, Any]) -> str:
    error = sys.exc_info()[1]
    return f"{event.get('event')}{f' ({type(error).__name__})' if error else ''}"


def configure() -> None:
    """Send warnings and worse, and what Rehber's own code says, to standard error. Call before Rasa is imported."""
    warnings.simplefilter("ignore")
    handler = logging.StreamHandler()
    handler.setFormatter(_PlaceFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("bot").setLevel(logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _name_only],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )
