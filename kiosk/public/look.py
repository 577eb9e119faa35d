"""How the pages look to this person: more contrast, larger text, everything that is touched low on the screen.

The choice is three words in a cookie that says nothing about anybody. It is made on any page, also on the wall before a
visit, and goes with *Finish* and with the next visit. The server writes it into each page, so it needs no script. What
follows from it is `static/look.css` and `static/contrast.css`.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal, Self, get_args

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kiosk.public.kiosk import Kiosk, see_other
from kiosk.public.places import CHAT, WALLS, places
from kiosk.web.declared import goes_on

LOOK_COOKIE: Final = "rehber_look"
LOOK: Final = "/look"

Contrast = Literal["normal", "high"]
Size = Literal["normal", "large", "largest"]
Reach = Literal["normal", "low"]


@dataclass(frozen=True, slots=True)
class Look:
    """`largest` is twice the normal size of text. `low` keeps what is touched in the lower third of a tall screen."""

    contrast: Contrast = "normal"
    size: Size = "normal"
    reach: Reach = "normal"

    @classmethod
    def read(cls, words: str) -> Self:
        """What `str()` of a look has written; the normal look for anything else."""
        contrast, size, reach = (*words.split("."), "", "", "")[:3]
        if contrast in get_args(Contrast) and size in get_args(Size) and reach in get_args(Reach):
            return cls(contrast, size, reach)  # type: ignore[arg-type]
        return cls()

    def __str__(self) -> str:
        return f"{self.contrast}.{self.size}.{self.reach}"

    @property
    def is_normal(self) -> bool:
        return self == type(self)()

    @property
    def next_size(self) -> Size:
        """What one touch more makes of the size: larger, and after the largest the normal one."""
        sizes: tuple[Size, ...] = get_args(Size)
        return sizes[(sizes.index(self.size) + 1) % len(sizes)]


_current: ContextVar[Look | None] = ContextVar("look", default=None)


class LookOfRequest:
    """Knows the look of the request that is being answered, for the pages made in it, error pages among them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            _current.set(Look.read(Request(scope).cookies.get(LOOK_COOKIE, "")))
        await self._app(scope, receive, send)


def look_of_page() -> Mapping[str, object]:
    """What the templates are told of the look."""
    return {"look": _current.get() or Look()}


def forget_look(kiosk: Kiosk, response: Response) -> None:
    """The next person begins with the normal look."""
    response.delete_cookie(LOOK_COOKIE, path="/", secure=kiosk.service.settings.https, httponly=True, samesite="strict")


def look_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter()
    stays = places(kiosk.service.library) | WALLS

    @routes.post(LOOK, **goes_on())
    async def choose(
        request: Request,
        place: Annotated[str, Form()] = "",
        contrast: Annotated[Contrast | Literal[""], Form()] = "",
        size: Annotated[Size | Literal[""], Form()] = "",
        reach: Annotated[Reach | Literal[""], Form()] = "",
    ) -> Response:
        look = Look.read(request.cookies.get(LOOK_COOKIE, ""))
        look = replace(look, contrast=contrast or look.contrast, size=size or look.size, reach=reach or look.reach)
        response = see_other(place if place in stays else CHAT)
        if look.is_normal:
            forget_look(kiosk, response)
        else:
            secure = kiosk.service.settings.https
            response.set_cookie(LOOK_COOKIE, str(look), path="/", secure=secure, httponly=True, samesite="strict")
        return response

    return routes
