"""What is written to the logs: one JSON line an event, a constant name and fields that are ids or counts.

Libraries log what they like, so only their warnings are kept, and what could carry a token or a person's words in a URL
(HTTP clients, Telegram's library) is silenced below that.
"""

import logging
import sys
from typing import Final

import structlog

from bot.settings import Settings

_TALKATIVE: Final = ("httpx", "httpx2", "httpcore", "httpcore2", "telegram", "uvicorn.access", "procrastinate")


def configure_logs(settings: Settings) -> None:
    """Set up structlog and the standard library's logging for this process."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s"
    )
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # The frames' local variables hold people's words: only the kind and place of an error is written.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _without_message,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def _without_message(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """An exception's message may quote what a person wrote or a database parameter; its type and frames do not."""
    _silence(event.get("exception"))
    return event


def _silence(raised: object) -> None:
    for one in raised if isinstance(raised, list) else ():
        if isinstance(one, dict):
            one["exc_value"] = ""
            one["exc_notes"] = []
            # The members of an exception group.
            for member in one.get("exceptions") or ():
                _silence(member)
