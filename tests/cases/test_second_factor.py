"""The second factor: codes of RFC 6238, each accepted once, recovery codes, and the pause after wrong ones."""

import asyncio
from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from bot.cases import second_factor, sessions, signing_in, staff
from bot.cases.model import Staff
from bot.cases.signing_in import OF_A_NAME, Next, Step, TooManyAttempts
from bot.storage.tables import audit, half_sign_ins, recovery_codes, second_factors, staff_sessions
from tests.cases.office import Office

# RFC 6238, appendix B: the secret in base32, a moment and the last six digits of its code.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_CODES = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


async def enrolled(office: Office, name: str = "Ayşe") -> tuple[Staff, str, str, tuple[str, ...]]:
    """A person with a second factor, whose newest used step lies back. With password, secret and recovery codes."""
    person = await office.person(name, "ar")
    password = await office.password(person)
    await office.signs_in(person, password)
    engine, seal = office.service.engine, office.service.seal
    async with engine.begin() as db:
        shown = await second_factor.enrolment(db, seal, person.id, person.name)
        assert shown is not None
        secret = shown.key.replace(" ", "")
        codes = await second_factor.confirm(db, seal, person.id, now_code(secret))
        assert codes is not None
        await db.execute(update(second_factors).values(last_step=0))
    return person, password, secret, codes


def now_code(secret: str, steps: int = 0) -> str:
    totp = pyotp.TOTP(secret)
    return totp.generate_otp(totp.timecode(datetime.now(UTC)) + steps)


async def half(office: Office, person: Staff, password: str) -> Step:
    step = await signing_in.with_password(
        office.service.engine, office.service.seal, person.name, password, "desk", required=False
    )
    assert step is not None
    return step


async def gives(office: Office, step: Step, person: Staff, code: str) -> str | None:
    return await signing_in.with_code(office.service.engine, office.service.seal, step.token, person, code, "desk")


@pytest.mark.parametrize(("moment", "code"), RFC_CODES.items())
def test_the_codes_are_those_of_the_standard(moment: int, code: str) -> None:
    assert pyotp.TOTP(RFC_SECRET).at(moment) == code


async def test_the_secret_and_the_recovery_codes_are_not_in_the_database(office: Office) -> None:
    _, _, secret, codes = await enrolled(office)
    assert len(set(codes)) == 10
    async with office.service.engine.connect() as db:
        sealed = (await db.scalars(select(second_factors.c.sealed_secret))).one()
        hashes = (await db.scalars(select(recovery_codes.c.code_hash))).all()
    assert secret.encode() not in bytes(sealed)
    assert len(hashes) == 10
    assert not any(code.encode() in bytes(one) for code in codes for one in hashes)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_phone_may_be_one_step_wrong(office: Office, steps: int, right: bool) -> None:
    person, _, secret, _ = await enrolled(office)
    async with office.service.engine.begin() as db:
        accepted = await second_factor.accepts(db, office.service.seal, person.id, now_code(secret, steps))
    assert accepted is right


async def test_a_code_is_accepted_once_and_none_before_it(office: Office) -> None:
    person, password, secret, _ = await enrolled(office)
    steps = [await half(office, person, password) for _ in range(4)]
    assert {step.next for step in steps} == {Next.CODE}
    code = now_code(secret)
    answers = await asyncio.gather(*(gives(office, step, person, code) for step in steps[:3]))
    assert sum(answer is not None for answer in answers) == 1
    assert await gives(office, steps[3], person, now_code(secret, -1)) is None


async def test_half_a_sign_in_is_no_session_and_ends_by_itself(office: Office) -> None:
    person, password, secret, _ = await enrolled(office)
    step = await half(office, person, password)
    async with office.service.engine.begin() as db:
        assert await sessions.resume(db, step.token, acted=True) is None
        assert await signing_in.half_signed_in(db, step.token) == person
        await db.execute(update(half_sign_ins).values(at=half_sign_ins.c.at - signing_in.HALF))
        assert await signing_in.half_signed_in(db, step.token) is None
    assert await gives(office, step, person, now_code(secret)) is None
    async with office.service.engine.begin() as db:
        await signing_in.forget_halves(db)
        assert (await db.scalars(select(half_sign_ins.c.staff_id))).all() == []


async def test_the_code_makes_one_session_of_it(office: Office) -> None:
    person, password, _, codes = await enrolled(office)
    step = await half(office, person, password)
    token = await gives(office, step, person, codes[0].upper().replace("-", " "))
    assert token is not None
    async with office.service.engine.begin() as db:
        assert await sessions.resume(db, token, acted=True) == person
        assert await signing_in.half_signed_in(db, step.token) is None
        assert await second_factor.codes_left(db, person.id) == 9
    again = await half(office, person, password)
    assert await gives(office, again, person, codes[0]) is None, "a recovery code works once"


async def test_the_code_of_somebody_else_is_wrong(office: Office) -> None:
    person, password, _, _ = await enrolled(office)
    _, _, others, their_codes = await enrolled(office, "Bilal")
    step = await half(office, person, password)
    for code in (now_code(others), their_codes[0], "", "000000", "١٢٣٤٥٦", "\ud800"):
        assert await gives(office, step, person, code) is None


async def test_ten_wrong_codes_then_a_pause_even_for_the_right_one(office: Office) -> None:
    person, password, secret, _ = await enrolled(office)
    step = await half(office, person, password)
    for number in range(OF_A_NAME.failures):
        assert await gives(office, step, person, f"wrong {number}") is None
    with pytest.raises(TooManyAttempts):
        await gives(office, step, person, now_code(secret))


async def test_where_it_is_required_nobody_works_without(office: Office) -> None:
    person = await office.person("Ayşe", "ar")
    engine, seal = office.service.engine, office.service.seal
    step = await signing_in.with_password(engine, seal, "Ayşe", await office.password(person), "desk", required=True)
    assert step is not None
    assert step.next is Next.ENROL
    async with engine.begin() as db:
        assert (await db.scalars(select(staff_sessions.c.staff_id))).all() == []
        assert await sessions.resume(db, step.token, acted=True) is None


async def test_it_is_offered_at_the_first_sign_in_only(office: Office) -> None:
    person = await office.person("Ayşe", "ar")
    password = await office.password(person)
    assert [(await half(office, person, password)).next for _ in range(3)] == [Next.OFFER, Next.DONE, Next.DONE]


async def test_what_is_on_is_not_replaced(office: Office) -> None:
    person, password, secret, _ = await enrolled(office)
    await half(office, person, password)
    async with office.service.engine.begin() as db:
        await second_factor.prepare(db, office.service.seal, person.id)
        assert await second_factor.enrolment(db, office.service.seal, person.id, "Ayşe") is None
        assert await second_factor.confirm(db, office.service.seal, person.id, now_code(secret)) is None
        assert await second_factor.accepts(db, office.service.seal, person.id, now_code(secret))


async def test_a_lost_phone_ends_everything_and_is_written_down(office: Office) -> None:
    person, password, _, codes = await enrolled(office)
    step = await half(office, person, password)
    token = await gives(office, step, person, codes[0])
    assert token is not None
    waiting = await half(office, person, password)
    async with office.service.engine.begin() as db:
        await staff.reset_second_factor(db, "Ayşe")
    async with office.service.engine.begin() as db:
        assert await sessions.resume(db, token, acted=True) is None
        assert await signing_in.half_signed_in(db, waiting.token) is None
        acts = (await db.execute(select(audit.c.act, audit.c.staff_id).order_by(audit.c.id))).all()
    assert tuple(acts[-1]) == ("second-factor.reset", None)
    assert (await half(office, person, password)).next is Next.OFFER


@pytest.mark.parametrize("change", ["UPDATE audit SET act = 'x'", "DELETE FROM audit", "TRUNCATE audit"])
async def test_the_audit_is_only_added_to(office: Office, change: str) -> None:
    await office.console(await office.person("Ayşe", "ar"))
    with pytest.raises(IntegrityError, match="only ever added to"):
        async with office.service.engine.begin() as db:
            await db.execute(text(change))
    async with office.service.engine.connect() as db:
        assert (await db.scalars(select(audit.c.act))).all() == ["sign-in"]
