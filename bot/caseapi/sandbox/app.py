"""The sandbox as one ASGI application, put together from its parts."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response

from bot.caseapi.models import Health
from bot.caseapi.sandbox.announcer import Announcer
from bot.caseapi.sandbox.contract import contract_routes
from bot.caseapi.sandbox.control import control_routes, phone_routes
from bot.caseapi.sandbox.faults import FaultInjector
from bot.caseapi.sandbox.office import Office
from bot.caseapi.sandbox.problems import ANNOUNCEMENT, answer_problems
from bot.caseapi.sandbox.tokens import Client, Tokens, token_routes
from bot.settings import SANDBOX_WEBHOOK_SECRET


def create_app(
    control_token: str,
    *,
    client: Client | None = None,
    announcer: Announcer | None = None,
    expire: Callable[[bool], None] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> FaultInjector:
    """One sandbox with its own memory. Whoever controls it sends `control_token`; `now` gives an aware datetime.

    `expire` makes the server show an expired certificate (True) or a good one again.
    """
    office, tokens = Office(now), Tokens(client or Client(), now)
    sender = announcer or Announcer("", SANDBOX_WEBHOOK_SECRET, now)
    app = FastAPI(title=ANNOUNCEMENT, docs_url=None, redoc_url=None, openapi_url=None)
    injector = FaultInjector(app, expire)
    app.include_router(token_routes(tokens))
    app.include_router(contract_routes(office, tokens), prefix="/v1")
    app.include_router(control_routes(injector, office, sender, control_token))
    app.include_router(phone_routes(office, sender))
    answer_problems(app)

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
