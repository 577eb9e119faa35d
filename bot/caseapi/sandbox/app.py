"""The sandbox's HTTP side: the contract's paths, the phone page, and the control paths for faults."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from bot.caseapi.models import (
    Appointments,
    Challenge,
    CodeRequest,
    Health,
    Opaque,
    Permits,
    Problem,
    ProtectionReport,
    Session,
    TravelPermits,
    VerifyRequest,
)
from bot.caseapi.sandbox.faults import Fault, FaultInjector
from bot.caseapi.sandbox.office import NoMoreTries, NotConfirmed, Office
from bot.caseapi.sandbox.people import OFFICE, Person, people

ANNOUNCEMENT: Final = "Rehber sandbox, made-up people only"

_M = TypeVar("_M", bound=BaseModel)

_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


def create_app(token: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> FaultInjector:
    """One sandbox with its own memory. `token` is what a caller has to send; `now` gives an aware datetime."""
    office = Office(now)
    app = FastAPI(title=ANNOUNCEMENT, docs_url=None, redoc_url=None, openapi_url=None)
    injector = FaultInjector(app)
    office_only = [Depends(_bearer(token))]
    app.include_router(_contract(office), prefix="/v1", dependencies=office_only)
    app.include_router(_control(injector, office), prefix="/sandbox", dependencies=office_only)
    app.include_router(_pages_of(office))
    _answer_problems(app)

    @app.get("/v1/health")
    async def health() -> Health:
        return Health(status="ok", sandbox=True)

    @app.middleware("http")
    async def announce(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await proceed(request)
        response.headers["X-Sandbox"] = ANNOUNCEMENT
        response.headers["Cache-Control"] = "no-store"
        return response

    return injector


def _bearer(token: str) -> Callable[[str], None]:
    def check(authorization: Annotated[str, Header()] = "") -> None:
        if not compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401, "unauthorized", headers={"WWW-Authenticate": "Bearer"})

    return check


def _body(model: type[_M]) -> Callable[[Request], Awaitable[_M]]:
    # FastAPI reads JSON before it validates, and strict models then refuse the strings of enumerations.
    async def read(request: Request) -> _M:
        try:
            return model.model_validate_json(await request.body())
        except ValidationError:
            raise HTTPException(400, "invalid") from None

    return read


def _contract(office: Office) -> APIRouter:
    router = APIRouter()

    def owner(session: Annotated[Opaque, Header(alias="Case-Session")]) -> tuple[str, Person]:
        found = office.person(session)
        if found is None:
            raise HTTPException(401, "session-expired", headers={"WWW-Authenticate": "Bearer"})
        return found

    Owner = Annotated[tuple[str, Person], Depends(owner)]  # noqa: N806  a type

    @router.post("/verify", status_code=202)
    async def start(
        asked: Annotated[VerifyRequest, Depends(_body(VerifyRequest))],
        key: Annotated[UUID, Header(alias="Idempotency-Key")],
    ) -> Challenge:
        return office.start(asked, str(key))

    @router.post("/verify/{challenge_id}", response_model=None)
    async def confirm(
        challenge_id: Opaque, given: Annotated[CodeRequest, Depends(_body(CodeRequest))]
    ) -> Session | JSONResponse:
        try:
            return office.confirm(challenge_id, given.otp)
        except NotConfirmed:
            return _problem(401, "refused", challenge_id)
        except NoMoreTries:
            return _problem(429, "too-many-tries", challenge_id)

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


def _control(injector: FaultInjector, office: Office) -> APIRouter:
    router = APIRouter()

    @router.put("/fault", status_code=204)
    async def fail(fault: Annotated[Fault, Depends(_body(Fault))]) -> None:
        injector.set(fault)

    @router.delete("/fault", status_code=204)
    async def work_again() -> None:
        injector.set(None)

    @router.get("/sms")
    async def sms() -> list[dict[str, Any]]:
        """The twin of the phone page: newest message last."""
        return [{"phone": s.phone, "code": s.code, "lang": s.lang, "at": s.at.isoformat()} for s in office.sms]

    return router


def _pages_of(office: Office) -> APIRouter:
    router = APIRouter(default_response_class=HTMLResponse)

    @router.get("/")
    @router.get("/phone")
    async def phone() -> str:
        template = _pages.get_template("phone.html")
        return template.render(
            announcement=ANNOUNCEMENT, sms=list(office.sms)[::-1], people=people(office.now()), zone=OFFICE
        )

    return router


def _looked(office: Office) -> datetime:
    return office.now().astimezone(OFFICE)


def _answer_problems(app: FastAPI) -> None:
    @app.exception_handler(StarletteHTTPException)
    async def refused(request: Request, error: StarletteHTTPException) -> JSONResponse:
        code = error.detail if error.detail in {"unauthorized", "session-expired"} else "invalid"
        return _problem(error.status_code, code, headers=dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # FastAPI's own answer would repeat what was sent, identity numbers included.
        return _problem(400, "invalid")


def _problem(
    status: int, code: str, challenge_id: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    problem = Problem(type="about:blank", title=ANNOUNCEMENT, status=status, code=code, challenge_id=challenge_id)
    content = problem.model_dump(exclude_none=True)
    challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(content, status, {**challenge, **(headers or {})}, "application/problem+json")
