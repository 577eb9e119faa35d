"""Pages from templates, in a language: `lang`, `dir` and every word follow from one code.

Owns the template environment, one for each language, so that no request can leave its language behind for the next.
Templates escape everything; what they say comes from the catalogues through `_()`, `ngettext()` and `said()`.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.bootstrap import Service
from bot.i18n.catalogues import N_
from bot.i18n.phrases import LABELS, NOTES, PHRASES
from kiosk.web.own_files import static_place
from kiosk.web.untrusted import readable, revealed

SHARED: Final = Path(__file__).parent / "templates"


class Pages:
    """Renders the templates of one door (its own folder first, then the shared one).

    `of_response` adds to a page what only the request that it answers knows; `text` leaves that out. `values` are what
    all of its templates can name besides what every door has.
    """

    def __init__(
        self,
        service: Service,
        templates: Path,
        of_response: Callable[[], Mapping[str, object]] = dict,
        **values: object,
    ) -> None:
        self._service = service
        self._of_response = of_response
        self._values = values
        self._loader = FileSystemLoader([templates, SHARED])
        self._environment = cache(self._make_environment)

    def language_or_default(self, code: str | None) -> str:
        """`code` if people may choose it, else the installation's default language."""
        if code is not None and self._service.registry.is_offered(code):
            return code
        return self._service.settings.default_language

    def text(self, template: str, language: str, **context: Any) -> str:
        """A rendered template as text. `language` is an offered code."""
        return self._environment(language).get_template(template).render(**context)

    def page(self, template: str, language: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """A rendered template as a response that says which language it is in."""
        text = self.text(template, language, **self._of_response(), **context)
        return HTMLResponse(text, status, headers={"Content-Language": language})

    def _make_environment(self, code: str) -> Environment:
        service = self._service
        environment = Environment(
            loader=self._loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        environment.filters.update(readable=readable, revealed=revealed)
        environment.globals.update(
            language=service.registry.get(code),
            languages=service.registry.offered(),
            office=service.settings.office_name,
            pictures=service.library.pictures,
            static=static_place(),
            _=partial(service.catalogues.say, code),
            ngettext=partial(service.catalogues.count, code),
            say=service.catalogues.say,
            N_=N_,
            said=partial(self._said, code),
            new_id=uuid4,
            **self._values,
        )
        return environment

    def _said(self, code: str, name: str, **values: object) -> str:
        """A phrase, label or note of the hub by its name, so that one thing is called the same everywhere."""
        return self._service.catalogues.say(code, _NAMED[name], **values)


_NAMED: Final = {
    **{f"phrase.{name}": msgid for name, msgid in PHRASES.items()},
    **{f"label.{name}": msgid for name, msgid in LABELS.items()},
    **{f"note.{name}": msgid for name, msgid in NOTES.items()},
}
