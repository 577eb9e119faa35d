"""All topics, by pictures: the groups, the topics of a group, and a page for each topic.

These pages say the same to everybody, in the language of the cookie. They ask no database, so they stand when it is
gone. They belong to a visit only in that nobody sees them after it. *Ask about this* goes on in the conversation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException, Path
from starlette.responses import Response

from bot.content.pictures import Picture
from bot.hub.render import Renderer, renderer
from bot.hub.topic_sheet import Sheet, topic_sheet
from bot.i18n.phrases import LABELS
from kiosk.public.bubbles import block
from kiosk.public.kiosk import NEEDS_VISIT, Kiosk, see_other
from kiosk.public.places import CHAT, CHECK, TOPIC, TOPICS, TURKISH, group_place, take_place, topic_place
from kiosk.public.take import can_be_taken
from kiosk.public.visit import CHANNEL, Visit
from kiosk.web.declared import failures, goes_on

MOST_ALIKE: Final = 6
"""Topics below a topic's page, of the same group."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture with words below it that leads to a page. `name` is for tests and for nothing else."""

    name: str
    label: str
    place: str
    picture: Picture


def topic_routes(kiosk: Kiosk) -> APIRouter:
    routes = APIRouter(responses=NEEDS_VISIT)
    library = kiosk.service.library
    in_visit = Annotated[Visit, Depends(kiosk.visiting)]
    read_in = Annotated[str, Depends(kiosk.reading)]
    group_name = Annotated[str, Path(json_schema_extra={"enum": list(library.arrangement.groups)})]
    topic_slug = Annotated[str, Path(json_schema_extra={"enum": list(library.slugs)})]

    @routes.get(TOPICS)
    async def groups(language: read_in) -> Response:
        words = renderer(kiosk.service, CHANNEL, language)
        return kiosk.pages.page(
            "topics.html", words.language, tiles=_groups(words), services=_services(words), place=TOPICS
        )

    @routes.get(TOPICS + "/{name}", responses=failures(404))
    async def group(language: read_in, name: group_name) -> Response:
        words = renderer(kiosk.service, CHANNEL, language)
        if name not in library.arrangement.groups:
            raise HTTPException(404)
        found = library.arrangement.groups[name]
        return kiosk.pages.page(
            "topic-group.html",
            words.language,
            title=words.isolated(found.name(library.languages.chain(words.language))),
            picture=library.pictures.groups[name],
            tiles=_topics(words, found.topics),
            place=group_place(name),
        )

    @routes.get(TOPIC + "/{slug}", responses=failures(404))
    async def topic(language: read_in, slug: topic_slug) -> Response:
        return _page(kiosk, language, slug, original=False)

    @routes.get(TOPIC + "/{slug}/" + TURKISH, responses=failures(404))
    async def original(language: read_in, slug: topic_slug) -> Response:
        return _page(kiosk, language, slug, original=True)

    @routes.post(TOPIC + "/{slug}/ask", **goes_on(401, 404))
    async def ask(visit: in_visit, slug: topic_slug, client_id: Annotated[UUID, Form()]) -> Response:
        if slug not in library.topics:
            raise HTTPException(404)
        # Whoever asks has read the answer of a check, and may soon stand there with somebody.
        kiosk.checks.drop_answer(visit.token)
        words = renderer(kiosk.service, CHANNEL, kiosk.pages.language_or_default(visit.language))
        (button,) = words.topic_buttons([slug])
        async with kiosk.service.engine.begin() as db:
            await kiosk.visits.press(db, visit, button, client_id)
        return see_other(CHAT)

    return routes


def _page(kiosk: Kiosk, language: str, slug: str, *, original: bool) -> Response:
    words = renderer(kiosk.service, CHANNEL, language)
    library = words.library
    if slug not in library.topics:
        raise HTTPException(404)
    group = next(group for group in library.arrangement.groups.values() if slug in group.topics)
    alike = [other for other in group.topics if other != slug]
    return kiosk.pages.page(
        "topic.html",
        words.language,
        picture=library.pictures.topics[slug],
        tiles=_topics(words, alike[:MOST_ALIKE]),
        group=words.isolated(group.name(library.languages.chain(words.language))),
        group_place=group_place(group.id),
        other_place=topic_place(slug, original=not original),
        take_place=take_place(slug) if can_be_taken(kiosk) else "",
        original=original,
        place=topic_place(slug, original=original),
        **_shown(topic_sheet(words, slug, original=original)),
    )


def _shown(sheet: Sheet) -> dict[str, Any]:
    """The sheet as the template takes it."""
    return {
        "sheet": sheet,
        "card": [block(part) for part in sheet.card],
        "answer": [block(part) for part in sheet.answer],
        "parts": [(part.name, block(part.block)) for part in sheet.parts if not part.for_some],
        "parts_for_some": [(part.name, block(part.block)) for part in sheet.parts if part.for_some],
        "notes": [block(part) for part in sheet.notes],
    }


def _groups(words: Renderer) -> list[Tile]:
    library = words.library
    codes = library.languages.chain(words.language)
    return [
        Tile(group.id, words.isolated(group.name(codes)), group_place(group.id), library.pictures.groups[group.id])
        for group in library.arrangement.groups.values()
    ]


def _topics(words: Renderer, slugs: Iterable[str]) -> list[Tile]:
    slugs = list(slugs)
    return [
        Tile(slug, button.label, topic_place(slug), words.library.pictures.topics[slug])
        for slug, button in zip(slugs, words.topic_buttons(slugs), strict=True)
    ]


def _services(words: Renderer) -> list[Tile]:
    pictures = words.library.pictures.services
    return [
        Tile(name, _label(words, f"check-{name}"), f"{CHECK}?about={name}", pictures[name])
        for name in ("appointment", "status")
    ]


def _label(words: Renderer, name: str) -> str:
    return words.isolated(words.catalogues.say(words.language, LABELS[name]))
