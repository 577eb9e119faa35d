"""The sound of a text that stands on a page: `POST /voice`. Neither an address nor a log carries a word of it.

What is the same for everybody may be heard by everybody, so the language wall and the pages of an absent database speak
too. Anything else, an answer about a case or the words of an interpreter, is spoken within a visit only. Nothing that
was asked for here is kept.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Final

import structlog
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from bot.i18n.formats import OFFICE_ZONE
from bot.settings import ROOT
from bot.voice.clips import key_of
from bot.voice.errors import VoiceBusyError, VoiceFailedError
from bot.voice.reading import make_reading
from bot.voice.sound import MEDIA_TYPE
from bot.voice.spoken import LONGEST
from bot.voice.texts import public_texts
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk

log = structlog.get_logger()

_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The sound. Content-Language names the voice's language.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    204: {"description": "Nobody and nothing speaks this text."},
}


def voice_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter(responses={**NEEDS_VISIT, **_ANSWERS})
    service = kiosk.service
    reading = make_reading(service.library, ROOT / "content", service.settings.data_dir)
    languages = list(service.registry.languages)

    class Wanted(BaseModel):
        """A paragraph of a page, and the code of the language it is in."""

        model_config = ConfigDict(extra="forbid")

        language: Annotated[str, Field(json_schema_extra={"enum": languages})]
        text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]

    @lru_cache(maxsize=2 * len(languages))
    def public_keys(language: str, on: date) -> frozenset[str]:
        return frozenset(text.key for text in public_texts(service.library, service.catalogues, language, on))

    def is_public(wanted: Wanted) -> bool:
        today = datetime.now(OFFICE_ZONE).date()
        offered = service.registry.is_offered(wanted.language)
        return offered and key_of(wanted.language, wanted.text) in public_keys(wanted.language, today)

    @routes.post("/voice", response_class=Response)
    async def speak(request: Request, wanted: Wanted) -> Response:
        if wanted.language not in languages:
            raise HTTPException(422)
        if not is_public(wanted):
            await kiosk.visiting(request)
        try:
            sound = await reading.sound(wanted.language, wanted.text)
        except VoiceBusyError:
            raise HTTPException(503, headers={"Retry-After": "1"}) from None
        except VoiceFailedError as error:
            log.error("voice.failed", reason=str(error), language=wanted.language)
            raise HTTPException(503) from None
        if sound is None:
            return Response(status_code=204)
        return Response(sound.content, media_type=sound.media_type, headers={"Content-Language": sound.language})

    return routes
