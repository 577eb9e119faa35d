"""Whether a door lives, and whether it can serve: without the database it cannot."""

import asyncio

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.responses import JSONResponse

from bot.bootstrap import Service

DEADLINE_SECONDS = 2.0


def health_routes(service: Service) -> APIRouter:
    """`/health/live` answers while the process runs; `/health/ready` answers 503 while the database does not."""
    routes = APIRouter(prefix="/health", default_response_class=JSONResponse)

    @routes.get("/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @routes.get("/ready")
    async def ready() -> JSONResponse:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS), service.engine.connect() as db:
                await db.execute(select(1))
        except (DBAPIError, PoolTimeoutError, TimeoutError):
            return JSONResponse({"status": "no database"}, 503)
        return JSONResponse({"status": "ready"})

    return routes
