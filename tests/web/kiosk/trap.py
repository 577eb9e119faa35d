"""The kiosk's door with pages that try to leave, as a defect or an attacker would, and that say where they are.

Wraps the real door. Every page of it gets one more script, which tells four times a second what is on the screen and
asks what to try. A page at `/trap` carries none of the door's headers, so that only the machine itself can stop it.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLACE: Final = "/trap"
SCRIPT: Final = (Path(__file__).parent / "trap.js").read_text(encoding="utf-8")
_TAG: Final = b'<script src="/trap/trap.js"></script></body>'
_PAGE: Final = "<!doctype html><html lang=en><meta charset=utf-8><title>Trap</title><body><p>Words to drag</p>"
# The smallest file that is a PDF to a browser.
_PDF: Final = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF"


@dataclass(slots=True)
class Trap:
    """An ASGI application. `seen` is what the newest page has said, with the time at which it did."""

    door: ASGIApp
    seen: dict[str, Any] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    prepared: asyncio.Event = field(default_factory=asyncio.Event)
    heard: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PLACE):
            await (await self._answer(Request(scope, receive)))(scope, receive, send)
        elif scope["type"] == "http":
            await self._with_script(scope, receive, send)
        else:
            await self.door(scope, receive, send)

    async def order(self, act: str, **how: Any) -> None:
        """Have the page prepare one attempt, and wait until it has."""
        self.prepared.clear()
        self.orders.append({"act": act, **how})
        async with asyncio.timeout(20):
            await self.prepared.wait()

    async def _answer(self, request: Request) -> Response:
        match request.url.path.removeprefix(PLACE):
            case "":
                return HTMLResponse(_PAGE + _TAG.decode())
            case "/trap.js":
                return PlainTextResponse(SCRIPT, media_type="text/javascript")
            case "/here":
                self.seen = {**json.loads(await request.body()), "at": time.monotonic()}
                self.heard += 1
                return JSONResponse(self.orders.pop(0) if self.orders else {})
            case "/done":
                self.prepared.set()
                return Response(status_code=204)
            case "/paper.pdf":
                return Response(_PDF, media_type="application/pdf")
            case "/programme":
                headers = {"Content-Disposition": 'attachment; filename="programme.sh"'}
                return Response(b"#!/bin/sh\n", media_type="application/octet-stream", headers=headers)
            case "/password":
                return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="kiosk"'})
        return Response(status_code=404)

    async def _with_script(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = b""

        async def add(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                if not self._is_page(message):
                    await send(message)
            elif not self._is_page(start):
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body"):
                    whole = body.replace(b"</body>", _TAG)
                    kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
                    await send({**start, "headers": [*kept, (b"content-length", str(len(whole)).encode())]})
                    await send({"type": "http.response.body", "body": whole})

        await self.door(scope, receive, add)

    @staticmethod
    def _is_page(start: Message) -> bool:
        return any(name == b"content-type" and value.startswith(b"text/html") for name, value in start["headers"])
