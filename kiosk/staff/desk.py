"""What every route of the staff door works with."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.bootstrap import Service
from bot.cases.model import Staff
from bot.cases.voice import Voice
from bot.translation.translator import Translator
from kiosk.staff.language import STAFF_LANGUAGES, language_of
from kiosk.staff.menu import pages_of
from kiosk.staff.news import CaseNews
from kiosk.staff.words import Words
from kiosk.web.cookies import SessionCookie
from kiosk.web.pages import Pages


@dataclass(frozen=True, slots=True)
class Desk:
    """The service, its pages, the cookies of a session and of half a sign-in, the voice to applicants, news of cases,
    and machine translation."""

    service: Service
    pages: Pages
    cookie: SessionCookie
    half: SessionCookie
    voice: Voice
    news: CaseNews
    translator: Translator

    def page(
        self, request: Request, template: str, *, person: Staff | None = None, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """A page of the console in the language of its reader."""
        language = language_of(request)
        return self.pages.page(
            template,
            language,
            status=status,
            person=person,
            path=request.url.path,
            menu=pages_of(person) if person else (),
            words=Words(self.service, language),
            staff_languages=[self.service.registry.get(code) for code in STAFF_LANGUAGES],
            **context,
        )
