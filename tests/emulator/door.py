"""The bot's door: one HTTP request of the Bot API, from its bytes to the answer and the journal.

`GET` and `POST` on `/bot<token>/<method>`; parameters from the query, a form, a multipart form or JSON
(https://core.telegram.org/bots/api#making-requests).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any, Final

from aiogram.methods import GetUpdates, TelegramMethod
from aiohttp import web
from aiohttp.web_request import FileField

from tests.emulator import judge
from tests.emulator.documents import Upload
from tests.emulator.faults import Fault
from tests.emulator.methods import answer_of
from tests.emulator.records import Call
from tests.emulator.refusals import Refusal, bad_request, too_many_requests
from tests.emulator.world import World

_TOKEN: Final = re.compile(r"\d+:[A-Za-z0-9_-]+")
_ATTACHED: Final = "attach://"
_BAD_GATEWAY: Final = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n"


@dataclass
class _Visit:
    """What is known about one request while it is served."""

    method: str
    started: float = field(default_factory=time.monotonic)
    params: dict[str, Any] = field(default_factory=dict)
    chat_id: int | None = None
    ignored: tuple[str, ...] = ()
    fault: Fault | None = None
    result: Any = None
    refusal: Refusal | None = None


class Door:
    """Serves the one bot whose token fits."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request and write it down."""
        visit = _Visit(request.match_info["method"])
        try:
            model = self._admit(request.match_info["token"], visit)
            visit.params = await _read(request)
            visit.chat_id = _chat_id(visit.params)
            visit.fault = self._world.faults.meet(visit.method, visit.chat_id)
            if visit.fault is not None and visit.fault.kind == "slow":
                await asyncio.sleep(visit.fault.seconds)
            if visit.fault is None or visit.fault.kind in ("slow", "deaf"):
                await self._serve(model, visit)
            elif visit.fault.kind == "status":
                visit.refusal = _faulty(visit.fault)
        except Refusal as refusal:
            visit.refusal = refusal
        except judge.JudgementError as error:
            self._world.defects.append(str(error))
            visit.refusal = Refusal(500, f"Internal Server Error: {error}")
        self._write_down(visit)
        return await self._leave(request, visit)

    def _admit(self, token: str, visit: _Visit) -> type[TelegramMethod[Any]]:
        if not _TOKEN.fullmatch(token):
            raise Refusal(404, "Not Found")
        if not hmac.compare_digest(token, self._world.token):
            raise Refusal(401, "Unauthorized")
        model = judge.model_of(visit.method)
        visit.method = model.__api_method__
        return model

    async def _serve(self, model: type[TelegramMethod[Any]], visit: _Visit) -> None:
        answer = answer_of(model)
        call = judge.read_call(model, visit.params)
        visit.ignored = judge.unknown_params(call)
        chat_id = getattr(call, "chat_id", None)
        if chat_id is not None:
            self._world.limits.pass_or_refuse(visit.method, self._world.chats.find(chat_id))
        visit.result = await answer(self._world, call)
        # Updates were judged when they were made, and some are broken on purpose.
        if model is not GetUpdates:
            judge.check_result(model, visit.result)

    def _write_down(self, visit: _Visit) -> None:
        lost = visit.fault is not None and visit.fault.kind in ("reset", "deaf")
        nothing_done = visit.fault is not None and visit.fault.kind == "reset"
        self._world.journal.append(
            Call(
                seq=len(self._world.journal) + 1,
                method=visit.method,
                params={
                    name: value.filename if isinstance(value, Upload) else value for name, value in visit.params.items()
                },
                chat_id=visit.chat_id,
                status=0 if nothing_done else visit.refusal.code if visit.refusal else 200,
                result=visit.result,
                description=visit.refusal.description if visit.refusal else None,
                ignored=visit.ignored,
                fault=visit.fault.name() if visit.fault else None,
                answered=not lost,
                started=visit.started,
                finished=time.monotonic(),
            )
        )
        self._world.changed()

    async def _leave(self, request: web.Request, visit: _Visit) -> web.StreamResponse:
        if visit.fault is not None and visit.fault.kind in ("reset", "deaf"):
            await asyncio.sleep(visit.fault.seconds)
            _cut(request)
        if visit.fault is not None and visit.fault.kind == "status" and visit.fault.status == 502:
            return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
        if visit.refusal is not None:
            return web.json_response(visit.refusal.body(), status=visit.refusal.code)
        return web.json_response({"ok": True, "result": visit.result})


async def _read(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        return params | body
    fields = dict(await request.post())
    files = {name: _upload(value) for name, value in fields.items() if isinstance(value, FileField)}
    sent = {name: str(value) for name, value in fields.items() if name not in files}
    named = {name: value.removeprefix(_ATTACHED) for name, value in sent.items() if value.startswith(_ATTACHED)}
    attached = {name: files[field] for name, field in named.items() if field in files}
    alone = {name: upload for name, upload in files.items() if name not in named.values()}
    return params | sent | attached | alone


def _upload(field: FileField) -> Upload:
    with field.file:
        return Upload(field.file.read(), field.filename, field.content_type)


def _chat_id(params: dict[str, Any]) -> int | None:
    try:
        return int(params["chat_id"])
    except (KeyError, TypeError, ValueError):
        return None


def _faulty(fault: Fault) -> Refusal:
    if fault.status == 429:
        return too_many_requests(fault.retry_after or 1)
    return Refusal(fault.status, {500: "Internal Server Error", 502: "Bad Gateway"}.get(fault.status, "Unavailable"))


def _cut(request: web.Request) -> None:
    """Reset the connection, so that the caller sees ECONNRESET and not a tidy end."""
    if request.transport is None:
        return
    connection = request.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
