"""The identity check as a person lives through it, on the real sandbox and client."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.caseapi import form as forms
from bot.caseapi.attempts import KIOSK, Origin
from bot.caseapi.client import Check
from bot.caseapi.form import Ask, Form, Step
from bot.caseapi.models import DocumentType
from bot.caseapi.phrases import PHRASES
from bot.caseapi.sandbox.people import Person, people
from bot.caseapi.verification import OpenSession, Outcome, Reply
from bot.caseapi.wording import Line
from tests.caseapi.conftest import CHAT_ORIGIN, Desk, find, typed_by

BOOKED = find("appointment BOOKED")
EVERYBODY = people(datetime.now(UTC))


def said(reply: Reply) -> list[object]:
    """All that a person reads and could compare."""
    question = reply.prompt.question if reply.prompt else None
    return [*reply.lines, question, reply.outcome]


def has(reply: Reply, name: str) -> bool:
    return any(isinstance(sentence, Line) and sentence.msgid == PHRASES[name] for sentence in reply.lines)


@pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.about)
@pytest.mark.parametrize("check", list(Check))
async def test_everybody_gets_an_answer_about_their_own_file(person: Person, check: Check, desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(person), check)
    reply = await desk.type(asked, (await desk.codes())[-1])
    assert reply.outcome is Outcome.ANSWERED
    assert reply.form is None
    if check is Check.APPOINTMENT:
        assert has(reply, "no-appointment") is (person.appointments == ())
    else:
        assert has(reply, "no-file") is not bool(person.permits or person.protection or person.travel_permits)
    assert [succeeded for _, _, succeeded, _ in desk.log.rows.values()] == [True]


async def test_the_questions_in_order(desk: Desk) -> None:
    replies = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    assert [reply.prompt.step for reply in replies if reply.prompt] == list(Step)
    choices = replies[0].prompt.choices if replies[0].prompt else ()
    assert [value for value, _ in choices] == [kind.value for kind in DocumentType]


async def test_a_document_can_be_chosen_by_its_place(desk: Desk) -> None:
    place = str(list(DocumentType).index(BOOKED.document) + 1)
    *_, asked = await desk.until_code((place, *typed_by(BOOKED)[1:]), Check.APPOINTMENT)
    assert (await desk.type(asked, (await desk.codes())[-1])).outcome is Outcome.ANSWERED


def _wrong(**changes: str) -> tuple[str, ...]:
    document, number, factor, phone = typed_by(BOOKED)
    typed = {"document": document, "number": number, "factor": factor, "phone": phone} | changes
    return tuple(typed.values())


@pytest.mark.parametrize(
    "typed",
    [
        _wrong(factor="A00Z00000"),
        _wrong(number=find("appointment CANCELLED").number),
        _wrong(document=find("TP ACTIVE").document.value),
        _wrong(),
    ],
    ids=["wrong detail", "another's number", "wrong document", "right person, wrong code"],
)
async def test_nobody_can_tell_what_was_wrong(typed: tuple[str, ...], desk: Desk) -> None:
    """Every reply equals, byte for byte, the one for a person who does not exist."""
    unknown = _wrong(number="99000099900")
    assert unknown[1] not in {person.number for person in EVERYBODY}
    seen = []
    for which, origin in ((typed, Origin("telegram:1", KIOSK)), (unknown, Origin("telegram:2", KIOSK))):
        replies = (await desk.until_code(which, Check.STATUS, origin))[3:]
        for code in ("000000", "000001", "000002"):
            if code in await desk.codes():
                code = "999999"
            replies.append(await desk.type(replies[-1], code, origin))
        seen.append([said(reply) for reply in replies])
    assert seen[0] == seen[1]
    assert seen[0][-1][-1] is Outcome.REFUSED


async def test_a_locked_number_looks_the_same_and_is_not_even_asked_for(desk: Desk) -> None:
    origins = [Origin(f"telegram:{n}", CHAT_ORIGIN.limit) for n in range(9)]
    for origin in origins[:5]:
        *_, first = await desk.until_code(typed_by(BOOKED), Check.STATUS, origin)
    sent = len(await desk.codes())
    assert sent == 5
    *_, locked = await desk.until_code(typed_by(BOOKED), Check.STATUS, origins[6])
    assert len(await desk.codes()) == sent
    assert said(locked) == said(first)
    for code in ("000000", "000001"):
        locked = await desk.type(locked, code, origins[6])
        assert has(locked, "not-confirmed")
    locked = await desk.type(locked, "000002", origins[6])
    assert locked.outcome is Outcome.REFUSED
    desk.clock.pass_by(days=1, seconds=1)
    *_, again = await desk.until_code(typed_by(BOOKED), Check.STATUS, origins[6])
    assert (await desk.type(again, (await desk.codes())[-1], origins[6])).outcome is Outcome.ANSWERED


async def test_a_lock_during_the_check_withholds_even_the_right_code(desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(BOOKED), Check.STATUS)
    code = (await desk.codes())[-1]
    for n in range(4):
        await desk.until_code(typed_by(BOOKED), Check.STATUS, Origin(f"telegram:{n + 5}", CHAT_ORIGIN.limit))
    again = await desk.type(asked, "000000" if code != "000000" else "000001")
    assert has(again, "not-confirmed")
    assert has(await desk.type(again, code), "not-confirmed")


async def test_one_chat_cannot_try_many_numbers(desk: Desk) -> None:
    for about in ("TP ACTIVE", "TP SEE_OFFICER", "IP INTERVIEW_DONE"):
        *_, asked = await desk.until_code(typed_by(find(about)), Check.STATUS)
        assert (await desk.type(asked, (await desk.codes())[-1])).outcome is Outcome.ANSWERED
    sent = len(await desk.codes())
    await desk.until_code(typed_by(BOOKED), Check.STATUS)
    assert len(await desk.codes()) == sent


async def test_a_wrong_code_may_be_corrected(desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    code = (await desk.codes())[-1]
    again = await desk.type(asked, "000000" if code != "000000" else "000001")
    assert has(again, "not-confirmed")
    assert (await desk.type(again, code)).outcome is Outcome.ANSWERED


@pytest.mark.parametrize("path", ["/v1/verify", "/v1/case"])
async def test_a_failing_system_is_not_held_against_anybody(path: str, desk: Desk) -> None:
    replies = [desk.verification.begin(Check.APPOINTMENT, "en")]
    await desk.fail(kind="500", path=path)
    for text in typed_by(BOOKED):
        replies.append(await desk.type(replies[-1], text))
    if replies[-1].form:
        replies.append(await desk.type(replies[-1], (await desk.codes())[-1]))
    assert replies[-1].outcome is Outcome.CANNOT_CHECK
    assert has(replies[-1], "cannot-check")
    assert PHRASES["cannot-check"] == "I cannot check now. This does not change your application."
    assert not has(replies[-1], "no-appointment")
    await desk.sandbox.delete("/sandbox/fault")
    for _ in range(5):
        *_, asked = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    assert (await desk.type(asked, (await desk.codes())[-1])).outcome is Outcome.ANSWERED


async def test_a_confirmed_person_asks_again_for_five_minutes_without_a_code(desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    answer = await desk.type(asked, (await desk.codes())[-1])
    assert answer.session is not None
    sealed = OpenSession.model_validate_json(answer.session.model_dump_json())
    desk.clock.pass_by(seconds=299)
    again = await desk.verification.again(sealed, Check.STATUS)
    assert again.outcome is Outcome.ANSWERED
    assert has(again, "no-file")
    assert again.session == answer.session
    assert len(await desk.codes()) == 1
    desk.clock.pass_by(seconds=2)
    over = await desk.verification.again(sealed, Check.STATUS)
    assert (over.outcome, over.session) == (Outcome.EXPIRED, None)


async def test_a_session_outlives_a_failure_and_shows_nothing_meanwhile(desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    session = (await desk.type(asked, (await desk.codes())[-1])).session
    assert session is not None
    await desk.fail(kind="500", path="/v1/case")
    failed = await desk.verification.again(session, Check.APPOINTMENT)
    assert (failed.outcome, failed.session) == (Outcome.CANNOT_CHECK, session)
    await desk.sandbox.delete("/sandbox/fault")
    assert (await desk.verification.again(session, Check.APPOINTMENT)).outcome is Outcome.ANSWERED


async def test_a_session_that_the_case_system_does_not_know_is_over(desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    session = (await desk.type(asked, (await desk.codes())[-1])).session
    assert session is not None
    unknown = session.model_copy(update={"session": session.session.model_copy(update={"session": "x" * 32})})
    over = await desk.verification.again(unknown, Check.APPOINTMENT)
    assert (over.outcome, over.session) == (Outcome.EXPIRED, None)


async def test_a_check_that_takes_too_long_is_closed(desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    desk.clock.pass_by(seconds=181)
    assert (await desk.type(asked, (await desk.codes())[-1])).outcome is Outcome.EXPIRED
    opened = desk.verification.begin(Check.APPOINTMENT, "en")
    desk.clock.pass_by(minutes=11)
    assert (await desk.type(opened, BOOKED.document.value)).outcome is Outcome.EXPIRED


async def test_a_form_survives_sealing_and_forgets_who_it_was(desk: Desk) -> None:
    *_, asked = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    assert asked.form is not None
    kept = asked.form.model_dump_json()
    assert Form.model_validate_json(kept) == asked.form
    assert BOOKED.number not in kept
    assert BOOKED.factor_value not in kept
    assert BOOKED.phone not in kept


async def test_an_unusual_number_is_questioned_but_not_refused(desk: Desk) -> None:
    replies = await desk.until_code(typed_by(BOOKED), Check.APPOINTMENT)
    assert has(replies[2], "unusual-number")
    assert replies[2].prompt is not None
    assert replies[2].prompt.step is Step.FACTOR
    assert BOOKED.number not in str(replies[2].lines[0])


_forms = st.builds(
    Form,
    check=st.sampled_from(Check),
    language=st.just("en"),
    opened_at=st.just(datetime.now(UTC)),
    step=st.sampled_from([s for s in Step if s is not Step.DOCUMENT]),
    document=st.sampled_from(DocumentType),
    number=st.just("TEST-0021/26"),
    factor=st.just("ALI"),
)


@settings(max_examples=300)
@given(_forms | st.just(forms.open_form(Check.STATUS, "en", datetime.now(UTC))), st.text(max_size=300))
def test_any_text_at_any_step_leads_to_a_question_or_onward(form: Form, text: str) -> None:
    following = forms.step(form, text)
    assert forms.prompt(following.form).question.msgid in PHRASES.values()
    if isinstance(following, Ask) and following.form == form:
        assert following.notices, "the same question comes again without a reason"
