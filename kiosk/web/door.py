"""A door: a FastAPI application with everything on it that both doors need, and no page yet."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from bot.bootstrap import Service
from kiosk.web.declared import ANYWHERE
from kiosk.web.failures import Failures, LanguageOf
from kiosk.web.guard import MOST_BODY_BYTES, Guard
from kiosk.web.headers import SecurityHeaders
from kiosk.web.health import health_routes
from kiosk.web.own_files import mount_own_files
from kiosk.web.pages import Pages

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def make_door(
    service: Service,
    pages: Pages,
    *,
    name: str,
    folder: Path,
    language_of: LanguageOf,
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """A door called `name` whose own files lie in `folder/static`.

    Whoever watches the process asks `/health/live` and `/health/ready`.
    """
    app = FastAPI(
        title=f"Rehber {name}", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan, **ANYWHERE
    )
    failures = Failures(pages, service.catalogues, language_of)
    failures.register(app)
    # The last one added stands outermost, so even a refusal carries the headers.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BODY_BYTES)
    app.add_middleware(Guard, refuse=failures.page)
    app.add_middleware(SecurityHeaders, https=service.settings.https)
    mount_own_files(app, name, folder / "static")
    app.include_router(health_routes(service))
    return app
