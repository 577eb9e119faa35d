"""People, passwords, sessions and presence."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.cases import sessions, signing_in, staff, work
from bot.cases.model import Role, State
from bot.cases.presence import anybody_for, return_vanished
from bot.cases.signing_in import OF_A_NAME, Step, TooManyAttempts
from bot.cases.staff import StaffError
from bot.storage.tables import audit, staff_sessions, verification_attempts
from bot.storage.tables import staff as staff_table
from tests.cases.office import Office

MINUTES_UNTIL_GONE = 5.5


async def test_the_password_is_shown_once_and_opens_the_door(office: Office) -> None:
    async with office.service.engine.begin() as db:
        password = await staff.add_staff(db, "  Ayşe   Ö ", Role.INTERPRETER, ["fa", "ar", "fa"])
        row = (await db.execute(select(staff_table))).one()
    assert len(password) >= 20
    assert password not in row.password_hash
    assert row.password_hash.startswith("$argon2id$")
    person = await staff.verify(office.service.engine, "Ayşe Ö", password)
    assert person is not None
    assert (person.name, person.role, person.languages) == ("Ayşe Ö", Role.INTERPRETER, ("ar", "fa"))
    assert await staff.verify(office.service.engine, "Ayşe Ö", password + "x") is None
    assert await staff.verify(office.service.engine, "nobody", password) is None


async def test_a_name_is_taken_once_however_it_is_composed(office: Office) -> None:
    await office.person("Ayşe", "ar")
    async with office.service.engine.begin() as db:
        with pytest.raises(StaffError, match="choose another name"):
            await staff.add_staff(db, "Ays\u0327e", Role.OFFICER, [])
        with pytest.raises(StaffError, match="nobody named"):
            await staff.dismiss(db, "Zeynep")


async def test_the_token_is_not_in_the_database(office: Office) -> None:
    token = await office.console(await office.person("Ayşe", "ar"))
    async with office.service.engine.connect() as db:
        stored = await db.scalar(select(staff_sessions.c.token_hash))
    assert stored is not None
    assert token.encode() not in bytes(stored)


@pytest.mark.parametrize(
    ("column", "minutes", "lives"),
    [("acted_at", 14, True), ("acted_at", 15.1, False), ("created_at", 719, True), ("created_at", 720.1, False)],
)
async def test_a_session_ends_when_idle_or_old(office: Office, column: str, minutes: float, lives: bool) -> None:
    ayse = await office.person("Ayşe", "ar")
    token = await office.console(ayse)
    await office.let_pass(ayse, column, minutes)
    async with office.service.engine.begin() as db:
        assert (await sessions.resume(db, token, acted=True) is not None) is lives


async def test_an_open_page_alone_does_not_keep_a_session(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    token = await office.console(ayse)
    for minutes, lives in ((10, True), (6, False)):
        await office.let_pass(ayse, "acted_at", minutes)
        async with office.service.engine.begin() as db:
            assert (await sessions.resume(db, token, acted=False) is not None) is lives


async def test_dead_sessions_are_forgotten(office: Office) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    await office.console(ayse)
    await office.console(bilal)
    await office.let_pass(ayse, "acted_at", 16)
    async with office.service.engine.begin() as db:
        await sessions.forget_dead(db)
        assert (await db.scalars(select(staff_sessions.c.staff_id))).all() == [bilal.id]


@pytest.mark.parametrize("end", ["dismiss", "renew", "sign out"])
async def test_a_session_can_be_ended_from_outside(office: Office, end: str) -> None:
    ayse = await office.person("Ayşe", "ar")
    token = await office.console(ayse)
    async with office.service.engine.begin() as db:
        match end:
            case "dismiss":
                await staff.dismiss(db, "Ayşe")
            case "renew":
                await staff.renew_password(db, "Ayşe")
            case _:
                await sessions.sign_out(db, token)
        assert await sessions.resume(db, token, acted=True) is None


async def test_who_is_dismissed_cannot_come_back(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    password = await office.password(ayse)
    async with office.service.engine.begin() as db:
        await staff.dismiss(db, "Ayşe")
    engine, seal = office.service.engine, office.service.seal
    assert await signing_in.with_password(engine, seal, "Ayşe", password, "desk", required=False) is None


async def test_ten_wrong_passwords_then_a_pause_even_for_the_right_one(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    password = await office.password(ayse)
    engine, seal = office.service.engine, office.service.seal

    async def guess(number: int) -> Step | type[Exception] | None:
        try:
            return await signing_in.with_password(engine, seal, "Ayşe", f"guess {number}", "elsewhere", required=False)
        except TooManyAttempts as refused:
            return type(refused)

    answers = await asyncio.gather(*(guess(number) for number in range(14)))
    assert answers.count(None) == OF_A_NAME.failures
    assert answers.count(TooManyAttempts) == 4
    with pytest.raises(TooManyAttempts):
        await signing_in.with_password(engine, seal, "Ayşe", password, "desk", required=False)
    async with engine.begin() as db:
        await db.execute(verification_attempts.update().values(at=verification_attempts.c.at - OF_A_NAME.window))
    assert await signing_in.with_password(engine, seal, "Ayşe", password, "desk", required=False) is not None


async def test_right_passwords_are_not_counted_and_names_are_not_kept(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    password = await office.password(ayse)
    for _ in range(OF_A_NAME.failures + 2):
        assert await signing_in.with_password(
            office.service.engine, office.service.seal, "Ayşe", password, "desk", required=False
        )
    async with office.service.engine.connect() as db:
        kept = (await db.scalars(select(verification_attempts.c.subject_hash))).all()
        assert await db.scalar(select(func.count()).select_from(audit)) == OF_A_NAME.failures + 2
    assert not any("Ayşe".encode() in bytes(value) for value in kept)


async def test_the_cases_of_who_vanishes_go_back_and_the_applicant_is_told(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    await office.console(ayse)
    conversation_id = await office.writes("hello")
    opened = await office.asks_for_person()
    engine, seal, voice = office.service.engine, office.service.seal, office.voice
    async with engine.begin() as db:
        await work.claim(db, seal, opened.case_id, ayse)
        assert await return_vanished(db, voice) == []
    await office.let_pass(ayse, "seen_at", MINUTES_UNTIL_GONE)
    async with engine.begin() as db:
        assert await return_vanished(db, voice) == [opened.case_id]
        assert await return_vanished(db, voice) == []
    read = await office.reads(opened.case_id, ayse)
    assert read.case.state is State.WAITING
    assert (read.entries[-1].author, read.entries[-1].text) == ("system", "vanished")
    assert read.entries[-1].staff_name == "Ayşe"
    assert len(await office.spoken(conversation_id)) == 1


async def test_who_is_signed_out_for_being_idle_has_vanished_too(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    await office.console(ayse)
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    await office.let_pass(ayse, "acted_at", 15.1)
    async with office.service.engine.begin() as db:
        assert await return_vanished(db, office.voice) == [opened.case_id]


async def test_one_open_console_of_two_is_enough(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    password = await office.password(ayse)
    engine, seal = office.service.engine, office.service.seal
    await signing_in.with_password(engine, seal, "Ayşe", password, "desk", required=False)
    await office.let_pass(ayse, "seen_at", MINUTES_UNTIL_GONE)
    await signing_in.with_password(engine, seal, "Ayşe", password, "hall", required=False)
    opened = await office.asks_for_person()
    async with engine.begin() as db:
        await work.claim(db, seal, opened.case_id, ayse)
        assert await return_vanished(db, office.voice) == []


async def test_two_sweepers_return_a_case_once(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)

    async def sweep() -> int:
        async with office.service.engine.begin() as db:
            return len(await return_vanished(db, office.voice))

    assert sum(await asyncio.gather(*(sweep() for _ in range(5)))) == 1


async def test_whether_anybody_is_there_for_a_language(office: Office) -> None:
    ayse = await office.person("Ayşe", "ar")
    engine = office.service.engine

    async def there(language: str) -> bool:
        async with engine.connect() as db:
            return await anybody_for(db, language)

    assert not await there("ar")
    await office.console(ayse)
    assert await there("ar")
    assert not await there("fa")
    await office.console(await office.person("Deniz", role=Role.OFFICER))
    assert await there("fa")
    await office.let_pass(ayse, "seen_at", MINUTES_UNTIL_GONE)
    assert await there("ar"), "the officer is still there"
