"""The paths of the contract, answered from the sandbox's memory."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError

from bot.caseapi.models import (
    Appointments,
    Challenge,
    CodeRequest,
    Opaque,
    Permits,
    ProtectionReport,
    Session,
    Subscription,
    SubscriptionRequest,
    TravelPermits,
    VerifyRequest,
)
from bot.caseapi.sandbox.office import NoMoreTries, NotConfirmed, Office
from bot.caseapi.sandbox.people import OFFICE, Person
from bot.caseapi.sandbox.problems import problem
from bot.caseapi.sandbox.tokens import Tokens

_M = TypeVar("_M", bound=BaseModel)


def body(model: type[_M]) -> Callable[[Request], Awaitable[_M]]:
    """A dependency that reads the request as this message."""

    # FastAPI reads JSON before it validates, and strict models then refuse the strings of enumerations.
    async def read(request: Request) -> _M:
        try:
            return model.model_validate_json(await request.body())
        except ValidationError:
            raise HTTPException(400, "invalid") from None

    return read


def contract_routes(office: Office, tokens: Tokens) -> APIRouter:
    router = APIRouter()
    router.include_router(_verification(office), dependencies=[Depends(tokens.needs("verify"))])
    router.include_router(_reports(office), dependencies=[Depends(tokens.needs("case:read"))])
    router.include_router(_subscriptions(office), dependencies=[Depends(tokens.needs("case:subscribe"))])
    return router


def _verification(office: Office) -> APIRouter:
    router = APIRouter()

    @router.post("/verify", status_code=202)
    async def start(
        asked: Annotated[VerifyRequest, Depends(body(VerifyRequest))],
        key: Annotated[UUID, Header(alias="Idempotency-Key")],
    ) -> Challenge:
        return office.start(asked, str(key))

    @router.post("/verify/{challenge_id}", response_model=None)
    async def confirm(
        challenge_id: Opaque, given: Annotated[CodeRequest, Depends(body(CodeRequest))]
    ) -> Session | JSONResponse:
        try:
            return office.confirm(challenge_id, given.otp)
        except NotConfirmed:
            return problem(401, "refused", challenge_id)
        except NoMoreTries:
            return problem(429, "too-many-tries", challenge_id)

    return router


def _reports(office: Office) -> APIRouter:
    router = APIRouter()

    def owner(session: Annotated[Opaque, Header(alias="Case-Session")]) -> tuple[str, Person]:
        found = office.person(session)
        if found is None:
            raise HTTPException(401, "session-expired", headers={"WWW-Authenticate": "Bearer"})
        return found

    Owner = Annotated[tuple[str, Person], Depends(owner)]  # noqa: N806  a type

    @router.get("/case/appointments")
    async def appointments(of: Owner) -> Appointments:
        subject, person = of
        return Appointments(subject=subject, as_of=_looked(office), appointments=person.appointments)

    @router.get("/case/permits")
    async def permits(of: Owner) -> Permits:
        subject, person = of
        return Permits(subject=subject, as_of=_looked(office), permits=person.permits)

    @router.get("/case/protection")
    async def protection(of: Owner) -> ProtectionReport:
        subject, person = of
        return ProtectionReport(subject=subject, as_of=_looked(office), protection=person.protection)

    @router.get("/case/travel-permits")
    async def travel_permits(of: Owner) -> TravelPermits:
        subject, person = of
        return TravelPermits(subject=subject, as_of=_looked(office), travel_permits=person.travel_permits)

    return router


def _subscriptions(office: Office) -> APIRouter:
    router = APIRouter()

    @router.post("/case/subscriptions", status_code=201)
    async def subscribe(
        session: Annotated[Opaque, Header(alias="Case-Session")],
        asked: Annotated[SubscriptionRequest, Depends(body(SubscriptionRequest))],
    ) -> Subscription:
        made = office.subscribe(session, asked.kinds)
        if made is None:
            raise HTTPException(401, "session-expired", headers={"WWW-Authenticate": "Bearer"})
        return made

    @router.delete("/subscriptions/{subscription_id}", status_code=204)
    async def unsubscribe(subscription_id: Opaque) -> None:
        office.unsubscribe(subscription_id)

    return router


def _looked(office: Office) -> datetime:
    return office.now().astimezone(OFFICE)
