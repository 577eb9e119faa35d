"""How a call to Telegram ended, in the words of `bot.post.delivery`: surely not sent, in doubt, blocked or rejected.

The rule: a message that Telegram may have must not be sent again unasked, and one that it cannot have must be. Telegram
has no idempotency key, so the kind of failure is all there is to tell by.
"""

from typing import Final

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import ChannelError
from bot.post.delivery import Blocked, InDoubt, NotSent, Rejected

_BEFORE_THE_REQUEST: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_NOBODY_THERE: Final = ("chat not found", "peer_id_invalid", "user not found")
_TOKEN_REFUSED_SECONDS: Final = 60.0


def outcome(error: TelegramError) -> ChannelError:
    """The delivery's word for a failed sendMessage."""
    reason = type(error).__name__
    match error:
        case RetryAfter():
            return NotSent(reason, seconds_of(error))
        case Forbidden() | ChatMigrated():
            return Blocked(reason)
        case BadRequest():
            return Blocked(reason) if any(word in error.message.lower() for word in _NOBODY_THERE) else Rejected(reason)
        case InvalidToken():
            # Only the operator can mend this; what people were to be told waits.
            return NotSent(reason, _TOKEN_REFUSED_SECONDS)
    return NotSent(reason) if _surely_not_sent(error) else InDoubt(reason)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    period = error.retry_after
    return float(period) if isinstance(period, int | float) else period.total_seconds()


def _surely_not_sent(error: TelegramError) -> bool:
    cause = error.__cause__
    if isinstance(cause, _BEFORE_THE_REQUEST):
        return True
    # A status of Telegram's own (5xx) has no cause in the transport, or one in its page of HTML.
    return isinstance(error, NetworkError) and (cause is None or isinstance(cause, TelegramError))
