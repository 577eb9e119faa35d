"""The independent judge: aiogram's models of the Bot API decide what is well formed.

Requests are read with `aiogram.methods`, results and updates are checked with `aiogram.types`. The
emulator's own idea of the API is never the measure, so a shared misunderstanding of python-telegram-bot
and of this package shows as a failure here.
"""

from __future__ import annotations

import inspect
import json
import types
from collections.abc import Hashable
from functools import cache
from typing import Any, Final, Union, cast, get_args, get_origin

import aiogram.methods
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import BaseModel, TypeAdapter, ValidationError

from tests.emulator.refusals import Refusal, bad_request

METHODS: Final[dict[str, type[TelegramMethod[Any]]]] = {
    model.__api_method__.lower(): model
    for _, model in inspect.getmembers(aiogram.methods, inspect.isclass)
    if issubclass(model, TelegramMethod) and model is not TelegramMethod
}
_FIELD_REFUSALS: Final = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "document": "there is no document in the request",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "reply_markup": "object expected as reply markup",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}


class JudgementError(AssertionError):
    """The emulator was about to say something that is not the Bot API: a defect of the emulator."""


def model_of(name: str) -> type[TelegramMethod[Any]]:
    """The method called `name`, in any case of letters. Refuses with 404 what Telegram does not know."""
    try:
        return METHODS[name.lower()]
    except KeyError:
        raise Refusal(404, "Not Found: method not found") from None


def read_call(model: type[TelegramMethod[Any]], params: dict[str, Any]) -> TelegramMethod[Any]:
    """Parse the parameters of one request.

    Forms carry objects and lists as JSON text; JSON bodies may carry them either way. Refuses with 400
    what aiogram's model does not accept.
    """
    values = {name: _decode(model, name, value) for name, value in params.items() if value is not None}
    try:
        return model.model_validate(values)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else "request"
        raise bad_request(_FIELD_REFUSALS.get(field, f"wrong parameter {field} in request")) from error


def unknown_params(call: TelegramMethod[Any]) -> tuple[str, ...]:
    """Parameters that the Bot API does not have. Telegram ignores them silently; a test need not."""
    return tuple(sorted(call.model_extra or ()))


def given(value: Any) -> Any:
    """The value of an optional parameter, or None where aiogram marks it as not set."""
    return None if isinstance(value, Default) else value


def check_result(model: type[TelegramMethod[Any]], result: Any) -> None:
    """Raise JudgementError unless `result` is what this method returns, with no field invented."""
    _check(_adapter(model), result, model.__api_method__)


def check_update(body: dict[str, Any]) -> None:
    """Raise JudgementError unless `body` is an update of the Bot API, with no field invented."""
    _check(TypeAdapter(Update), body, "update")


@cache
def _adapter(model: type[TelegramMethod[Any]]) -> TypeAdapter[Any]:
    return TypeAdapter(model.__returning__)


def _check(adapter: TypeAdapter[Any], value: Any, name: str) -> None:
    try:
        parsed = adapter.validate_python(value)
    except ValidationError as error:
        raise JudgementError(f"{name}: {error}") from error
    if invented := _invented(parsed, name):
        raise JudgementError(f"not in the Bot API: {', '.join(invented)}")


def _invented(value: Any, path: str) -> list[str]:
    if isinstance(value, BaseModel):
        extra = [f"{path}.{name}" for name in value.model_extra or ()]
        fields = type(value).model_fields
        return extra + [found for name in fields for found in _invented(getattr(value, name), f"{path}.{name}")]
    if isinstance(value, list):
        return [found for number, item in enumerate(value) for found in _invented(item, f"{path}[{number}]")]
    return []


def _decode(model: type[TelegramMethod[Any]], name: str, value: Any) -> Any:
    field = model.model_fields.get(name)
    if field is None or not isinstance(value, str) or _takes_text(cast(Hashable, field.annotation)):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        return value


@cache
def _takes_text(annotation: Hashable) -> bool:
    if get_origin(annotation) in (Union, types.UnionType):
        return any(_takes_text(part) for part in get_args(annotation))
    return annotation is str
