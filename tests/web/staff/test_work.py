"""A case from claim to close over HTTP, as a browser without scripts does it, and what is refused on the way."""

import pytest

from bot.cases.model import MOST_CHARACTERS, State
from bot.model import Purpose
from tests.cases.office import Office
from tests.web.staff.conftest import SignedIn


async def test_from_claim_to_close(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(ayse)
    conversation_id = await office.writes("مرحبا")
    opened = await office.asks_for_person(topic="address-registration")
    case = f"/cases/{opened.case_id}"
    assert case in (await client.get("/")).text
    assert (await client.post(f"{case}/claim")).headers["location"] == case
    reply = await client.post(f"{case}/reply", data={"text": "أهلا"})
    assert reply.headers["location"] == f"{case}?done=reply"
    page = (await client.get(case)).text
    assert "أهلا" in page
    assert "#A1" in page
    assert "Not delivered yet" in page
    await client.post(f"{case}/note", data={"text": "call again tomorrow"})
    assert (await client.post(f"{case}/close", data={"outcome": "referred"})).headers["location"] == "/"
    open_ones, _, over = (await client.get("/")).text.partition('id="over"')
    assert case not in open_ones
    assert case in over, "who has closed it finds it again"
    read = await office.reads(opened.case_id, ayse)
    assert read.case.state is State.CLOSED
    told = await office.spoken(conversation_id)
    assert [u.purpose for u in told] == [Purpose.PERSON, Purpose.NOTICE]
    assert "call again tomorrow" not in "".join(u.plain_text() for u in told)


async def test_the_second_of_two_claims_is_told_so(office: Office, signed_in: SignedIn) -> None:
    first = await signed_in(await office.person("Ayşe", "ar"))
    second = await signed_in(await office.person("Bilal", "ar"))
    opened = await office.asks_for_person()
    assert (await first.post(f"/cases/{opened.case_id}/claim")).status_code == 303
    late = await second.post(f"/cases/{opened.case_id}/claim")
    assert late.status_code == 409
    assert "A colleague has taken this case before you." in late.text


async def test_words_that_could_not_be_sent_are_given_back(office: Office, signed_in: SignedIn) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    opened = await office.asks_for_person()
    typed = "كتبت هذا <b>بعناية</b>"
    for act in ("reply", "note"):
        answer = await client.post(f"/cases/{opened.case_id}/{act}", data={"text": typed})
        assert answer.status_code == 403
        assert "كتبت هذا &lt;b&gt;بعناية&lt;/b&gt;" in answer.text


@pytest.mark.parametrize("text", ["", "   ", "x" * (MOST_CHARACTERS + 1), "x" * (4 * MOST_CHARACTERS + 1)])
async def test_an_unfit_reply_is_refused(office: Office, signed_in: SignedIn, text: str) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(ayse)
    conversation_id = await office.writes("hello")
    opened = await office.asks_for_person()
    await client.post(f"/cases/{opened.case_id}/claim")
    assert (await client.post(f"/cases/{opened.case_id}/reply", data={"text": text})).status_code == 422
    assert await office.spoken(conversation_id) == []


async def test_an_invented_outcome_closes_nothing(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(ayse)
    opened = await office.asks_for_person()
    await client.post(f"/cases/{opened.case_id}/claim")
    assert (await client.post(f"/cases/{opened.case_id}/close", data={"outcome": "granted"})).status_code == 422
    assert (await office.reads(opened.case_id, ayse)).case.state is State.CLAIMED


@pytest.mark.parametrize("name", ["none", "00000000-0000-0000-0000-000000000001", "%2e%2e", "'; --"])
async def test_a_case_that_is_not_there(office: Office, signed_in: SignedIn, name: str) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    answer = await client.get(f"/cases/{name}")
    assert answer.status_code in {404, 422}
    assert "Traceback" not in answer.text
    assert "<h1>" in answer.text
