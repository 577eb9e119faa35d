"""What a tester holds in hand: faults, the SMS that were "sent", changes in a file, and the phone page with buttons.

`PUT /sandbox/fault` with a `Fault` makes the contract's paths fail, `DELETE /sandbox/fault` mends them. `GET
/sandbox/sms` lists the codes. `POST /sandbox/change` with `{"number": …, "kind": "APPOINTMENT"}` (or `phone`, or kind
`FILE`) changes a file and announces it to whoever subscribed. These need the control token; the phone page is for
people and needs none.
"""

from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, ConfigDict

from bot.caseapi.sandbox.announcer import Announcer
from bot.caseapi.sandbox.changes import ChangeKind
from bot.caseapi.sandbox.contract import body
from bot.caseapi.sandbox.faults import Fault, FaultInjector
from bot.caseapi.sandbox.office import Office
from bot.caseapi.sandbox.people import OFFICE
from bot.caseapi.sandbox.problems import ANNOUNCEMENT

_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


class Change(BaseModel):
    """Whose file changes, by number or phone."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    kind: ChangeKind
    number: str = ""
    phone: str = ""


def control_routes(injector: FaultInjector, office: Office, announcer: Announcer, token: str) -> APIRouter:
    def holder_only(authorization: Annotated[str, Header()] = "") -> None:
        if not compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})

    router = APIRouter(prefix="/sandbox", dependencies=[Depends(holder_only)])

    @router.put("/fault", status_code=204)
    async def fail(fault: Annotated[Fault, Depends(body(Fault))]) -> None:
        try:
            injector.set(fault)
        except ValueError:
            raise HTTPException(400, "invalid") from None

    @router.delete("/fault", status_code=204)
    async def work_again() -> None:
        injector.set(None)

    @router.get("/sms")
    async def sms() -> list[dict[str, Any]]:
        """The twin of the phone page: newest message last."""
        return [{"phone": s.phone, "code": s.code, "lang": s.lang, "at": s.at.isoformat()} for s in office.sms]

    @router.post("/change")
    async def change(asked: Annotated[Change, Depends(body(Change))]) -> dict[str, int]:
        """How many subscriptions hear of it."""
        return {"announced": _change(office, announcer, asked)}

    return router


def phone_routes(office: Office, announcer: Announcer) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/")
    @router.get("/phone")
    async def phone() -> str:
        return _pages.get_template("phone.html").render(
            announcement=ANNOUNCEMENT, sms=list(office.sms)[::-1], people=office.people(), zone=OFFICE, kinds=ChangeKind
        )

    @router.post("/phone/change")
    async def change(number: Annotated[str, Form()], kind: Annotated[ChangeKind, Form()]) -> RedirectResponse:
        _change(office, announcer, Change(kind=kind, number=number))
        return RedirectResponse("/phone", 303)

    return router


def _change(office: Office, announcer: Announcer, asked: Change) -> int:
    person = next((p for p in office.people() if asked.number == p.number or asked.phone == p.phone), None)
    if person is None:
        raise HTTPException(404, "invalid")
    listening = office.change(person.number, asked.kind)
    for subscription_id in listening:
        announcer.announce(subscription_id, asked.kind)
    return len(listening)
