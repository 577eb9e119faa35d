"""The assistant over Rasa's REST channel: the only user of Rasa's HTTP interface.

Rasa's channel catches its own exceptions and answers `200 []`, so an empty answer is a failure here. Each answer must
be for the conversation that asked and must hold keys; prose is refused.
"""

import asyncio
import json
from types import TracebackType
from typing import Any, Final, Self

import httpx2

from bot.assistant.neutral import neutral
from bot.assistant.port import AssistantAway, AssistantFailed, AssistantSlow, Reply, Understanding
from bot.keys import Key

LARGEST_ANSWER: Final = 256 * 1024
CONNECT_SECONDS: Final = 2.0


class RasaAssistant:
    """Asks the Rasa server at `url`. `deadline` (seconds) covers a whole question, connection included."""

    def __init__(self, url: str, deadline: float) -> None:
        self._deadline = deadline
        self._client = httpx2.AsyncClient(
            base_url=url,
            # The deadline ends a question; only an address where nobody answers ends it sooner.
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_connections=64, max_keepalive_connections=16),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def ask(self, conversation: str, question: str) -> Reply:
        text = neutral(question)
        if not text:
            return Reply((Key("say", "not-understood-again"),), None)
        try:
            async with asyncio.timeout(self._deadline):
                body = await self._post({"sender": conversation, "message": text})
        except TimeoutError:
            raise AssistantSlow(f"no answer within {self._deadline} s") from None
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise AssistantAway("nobody answers at Rasa's address") from error
        except httpx2.DecodingError as error:
            raise AssistantFailed(type(error).__name__) from error
        except httpx2.HTTPError as error:
            # The connection broke in the middle: the server was killed or restarted.
            raise AssistantAway(type(error).__name__) from error
        return _read(body, conversation)

    async def _post(self, question: dict[str, str]) -> bytes:
        async with self._client.stream("POST", "/webhooks/rest/webhook", json=question) as response:
            if response.status_code != httpx2.codes.OK:
                raise AssistantFailed(f"status {response.status_code}")
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise AssistantFailed("the answer is too large")
            return body


def _read(body: bytes, conversation: str) -> Reply:
    try:
        parts = json.loads(body)
        customs = [part["custom"] for part in parts if part["recipient_id"] == conversation]
        if not parts or len(customs) != len(parts):
            raise AssistantFailed("an empty answer, or one for somebody else")
        keys = tuple(Key.parse(key) for custom in customs for key in custom["keys"])
        understood = next((c["understanding"] for c in customs if c.get("understanding")), None)
        understanding = _understanding(understood) if understood else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AssistantFailed(f"not an answer of keys ({type(error).__name__})") from None
    if not keys:
        raise AssistantFailed("an answer without keys")
    return Reply(keys, understanding)


def _understanding(data: dict[str, Any]) -> Understanding:
    return Understanding(
        intent=str(data["intent"]),
        confidence=_share(data["confidence"]),
        ranking=tuple((str(row["name"]), _share(row["confidence"])) for row in data["ranking"]),
    )


def _share(value: Any) -> float:
    # JSON as Python reads it knows NaN, which no database column takes.
    if not 0 <= float(value) <= 1:
        raise ValueError("not a confidence")
    return float(value)
