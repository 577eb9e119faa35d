"""What is written to the logs: one JSON line an event, a constant name and fields that are ids or counts.

Libraries log what they like, so only their warnings are kept, and what could carry a token or a person's words in a URL
(HTTP clients, Telegram's library) is silenced below that. Of an error, whoever reports it, the kind and the places are
written and never its message, which may quote what a person wrote or a parameter of the database.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Final

import structlog

from bot.settings import Settings

_TALKATIVE: Final = ("httpx", "httpx2", "httpcore", "httpcore2", "telegram", "uvicorn.access", "procrastinate")


def configure_logs(settings: Settings) -> None:
    """Set up structlog and the standard library's logging for this process."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WithoutMessages("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler])
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _crashed(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    sys.unraisablehook = lambda ignored: _crashed(
        ignored.exc_type, ignored.exc_value or ignored.exc_type(), ignored.exc_traceback
    )
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # The frames' local variables hold people's words as well.
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _without_message,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )


def _without_message(_logger: object, _name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
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


class _WithoutMessages(logging.Formatter):
    """Lines of libraries. asyncio repeats an error's message below the first line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line, _, _ = record.getMessage().partition("\n")
        plain = logging.makeLogRecord({**record.__dict__, "msg": line, "args": None, "exc_text": None})
        return super().format(plain)

    def formatException(  # noqa: N802 - the standard library's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return "\n".join(_places(ei[1], set())) if ei[1] is not None else ""


def _places(error: BaseException, known: set[int]) -> Iterator[str]:
    if id(error) in known:
        return
    known.add(id(error))
    yield type(error).__name__
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    for member in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _places(member, known)
    if (earlier := error.__cause__ or error.__context__) is not None:
        yield from _places(earlier, known)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What Python would print of an error that nobody caught."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("bot").critical("an error that nobody caught", exc_info=(kind, error, trace))
