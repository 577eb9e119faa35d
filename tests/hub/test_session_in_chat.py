"""Five minutes after a code: the other question needs no new one, and nobody but the confirmed person gains by it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import func, select, update

from bot.caseapi.client import CaseFile, Check
from bot.caseapi.phrases import PHRASES as OF_THE_CHECK
from bot.hub.kept import Kept
from bot.hub.render import Renderer, renderer
from bot.i18n.phrases import PHRASES
from bot.model import Purpose, Utterance
from bot.post import conversations
from bot.post.conversations import Conversation
from bot.storage.tables import forms
from tests.assistant.rest_channel import RestChannel, keys
from tests.caseapi.conftest import HEADERS, sandbox_url
from tests.hub.checked import SOMEBODY, confirmed, office, settings
from tests.hub.conversation import Person

__all__ = ["confirmed", "office", "sandbox_url", "settings"]


async def kinds(person: Person) -> list[str]:
    async with person.service.engine.connect() as db:
        return list(await db.scalars(select(forms.c.kind)))


def first(said: list[Utterance]) -> str:
    return said[0].blocks[0].text


async def test_the_other_question_needs_no_new_code(confirmed: Person) -> None:
    (file,) = await confirmed.presses("check:status")
    assert file.purpose is Purpose.PRIVATE
    assert "permit" in file.plain_text()
    assert await confirmed.meanings(file) == ["check:appointment", "check.anew:status", "handoff.open", "menu"]
    assert await kinds(confirmed) == [Kept.SESSION]


async def test_a_session_takes_no_words(confirmed: Person, rasa: RestChannel) -> None:
    (answer,) = await confirmed.says("How do I put my child in school?")
    assert answer.keys == ("topic:education",)
    assert len(rasa.asked) == 1


async def test_it_ends_after_five_minutes_for_good(confirmed: Person) -> None:
    async with confirmed.service.engine.begin() as db:
        left = await db.scalar(select(forms.c.expires_at - func.now()))
        await db.execute(update(forms).values(expires_at=func.now()))
    assert left is not None
    assert timedelta(minutes=4) < left <= timedelta(minutes=5)
    (question,) = await confirmed.presses("check:status")
    assert question.blocks[-1].text == OF_THE_CHECK["ask.document"]


async def test_asking_again_does_not_make_it_longer(confirmed: Person) -> None:
    async with confirmed.service.engine.connect() as db:
        until = await db.scalar(select(forms.c.expires_at))
    await confirmed.presses("check:status")
    async with confirmed.service.engine.connect() as db:
        assert await db.scalar(select(forms.c.expires_at)) == until


async def test_another_document_begins_at_the_first_question(confirmed: Person) -> None:
    (question,) = await confirmed.presses("check.anew:appointment")
    assert question.blocks[-1].text == OF_THE_CHECK["ask.document"]
    assert await kinds(confirmed) == [Kept.CHECK]


@pytest.mark.parametrize("way", ["handoff.open", "danger", "forget.confirm"])
async def test_what_ends_it(confirmed: Person, rasa: RestChannel, way: str) -> None:
    if way == "danger":
        rasa.act = keys("danger:emergency-and-contacts")
        await confirmed.says("He beats me")
    else:
        await confirmed.is_offered(way)
        await confirmed.presses(way)
    assert await kinds(confirmed) == []


async def test_the_case_system_may_end_it_earlier(confirmed: Person) -> None:
    """It does not know the session any more, as after a restart."""
    seal = confirmed.service.seal
    async with confirmed.service.engine.begin() as db:
        kept = seal.open((await db.execute(select(forms.c.sealed_state))).scalar_one())
        kept["session"]["session"] = "x" * 32
        await db.execute(update(forms).values(sealed_state=seal.close(kept)))
    said = await confirmed.presses("check:status")
    assert first(said) == OF_THE_CHECK["expired"]
    assert await kinds(confirmed) == []


async def test_a_failing_case_system_leaves_it_open(confirmed: Person, sandbox_url: str) -> None:
    async with httpx2.AsyncClient(headers=HEADERS) as office:
        await office.put(f"{sandbox_url}/sandbox/fault", json={"kind": "500", "path": "/v1/case"})
        try:
            said = await confirmed.presses("check:status")
        finally:
            await office.delete(f"{sandbox_url}/sandbox/fault")
    assert first(said) == OF_THE_CHECK["cannot-check"]
    assert await kinds(confirmed) == [Kept.SESSION]
    (file,) = await confirmed.presses("check:status")
    assert file.purpose is Purpose.PRIVATE


async def test_what_is_kept_says_nothing_in_the_database(confirmed: Person) -> None:
    async with confirmed.service.engine.connect() as db:
        sealed = (await db.execute(select(forms.c.sealed_state))).scalar_one()
    opened = confirmed.service.seal.open(sealed)
    assert opened["session"]["session"].encode() not in sealed
    for secret in (SOMEBODY.number, SOMEBODY.phone, SOMEBODY.factor_value):
        assert secret not in str(opened)


Within = Callable[[Check], Awaitable[CaseFile | list[Utterance]]]


@pytest.fixture
def read(confirmed: Person) -> Within:
    """Reads through the session as the other parts of the hub do."""

    async def read(check: Check) -> CaseFile | list[Utterance]:
        async with confirmed.service.engine.begin() as db:
            talk: Conversation = await conversations.load(db, confirmed.service.seal, await confirmed.conversation())
            words: Renderer = renderer(confirmed.service, "telegram", "en")
            return await confirmed.hub.check.read(db, talk, words, check)

    return read


async def test_others_read_the_file_through_it(confirmed: Person, read: Within) -> None:
    file = await read(Check.APPOINTMENT)
    assert isinstance(file, CaseFile)
    assert file.appointments is not None
    assert [entry.id for entry in file.appointments.appointments] == [entry.id for entry in SOMEBODY.appointments]
    await confirmed.is_offered("form.cancel")
    await confirmed.presses("form.cancel")
    said = await read(Check.APPOINTMENT)
    assert isinstance(said, list)
    assert first(said) == PHRASES["check-over"]
