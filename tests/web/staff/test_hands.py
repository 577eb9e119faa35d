"""A case among colleagues over HTTP: handed over, an officer invited, taken over, opened again, and what is refused."""

from uuid import UUID

import pytest
from sqlalchemy import select

from bot.cases import work
from bot.cases.model import OFFERED_FOR, Outcome, Role, State
from bot.storage.tables import audit
from tests.cases.office import Office
from tests.web.staff.conftest import SignedIn


async def acts(office: Office) -> list[str]:
    async with office.service.engine.connect() as db:
        return list(await db.scalars(select(audit.c.act).where(audit.c.act != "sign-in").order_by(audit.c.id)))


async def test_a_case_is_handed_to_a_colleague_at_the_console(office: Office, signed_in: SignedIn) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    await office.person("Farid", "fa")
    giver, taker = await signed_in(ayse), await signed_in(bilal)
    case = f"/cases/{await office.claimed_by(ayse)}"
    page = (await giver.get(case)).text
    assert f'<option value="{bilal.id}">Bilal · Interpreter · at the console</option>' in page
    assert "Farid" not in page, "another language"
    assert (await giver.post(f"{case}/hand", data={"colleague": str(bilal.id)})).headers["location"] == case
    for client, writes in ((giver, False), (taker, True)):
        page = (await client.get(case)).text
        assert "<bdi>Ayşe</bdi> has handed the case to <bdi>Bilal</bdi>." in page
        assert (f'action="{case}/reply"' in page) is writes
    assert (await acts(office))[:2] == ["case.view", "case.hand"]


async def test_a_case_waits_for_a_colleague_who_is_not_there(office: Office, signed_in: SignedIn) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    giver = await signed_in(ayse)
    case = f"/cases/{await office.claimed_by(ayse)}"
    assert "Bilal · Interpreter · not here now" in (await giver.get(case)).text
    assert (await giver.post(f"{case}/hand", data={"colleague": str(bilal.id)})).headers["location"] == "/"
    queue = (await giver.get("/")).text
    assert 'data-testid="offered"' in queue
    assert "<bdi>Bilal</bdi>" in queue
    assert f'action="{case}/claim"' not in (await giver.get(case)).text
    refused = await giver.post(f"{case}/claim")
    assert refused.status_code == 409
    assert "This case was handed to a colleague." in refused.text
    await office.let_entries_age("offered", OFFERED_FOR)
    assert 'data-testid="offered"' not in (await giver.get("/")).text
    assert (await giver.post(f"{case}/claim")).status_code == 303


@pytest.mark.parametrize("colleague", ["farid", "nobody", "himself"])
async def test_it_cannot_be_handed_to_whoever_may_not_have_it(
    office: Office, signed_in: SignedIn, colleague: str
) -> None:
    ayse, farid = await office.person("Ayşe", "ar"), await office.person("Farid", "fa")
    client = await signed_in(ayse)
    case_id = await office.claimed_by(ayse)
    to = {"farid": farid.id, "nobody": UUID(int=1), "himself": ayse.id}[colleague]
    refused = await client.post(f"/cases/{case_id}/hand", data={"colleague": str(to)})
    assert refused.status_code == 409
    assert "This colleague cannot have this case." in refused.text
    assert (await office.reads(case_id, ayse)).case.holder == ayse.id


async def test_an_invited_officer_finds_the_case_and_writes_in_it(office: Office, signed_in: SignedIn) -> None:
    ayse, deniz = await office.person("Ayşe", "ar"), await office.person("Deniz", role=Role.OFFICER)
    holder, officer = await signed_in(ayse), await signed_in(deniz)
    case = f"/cases/{await office.claimed_by(ayse)}"
    assert 'data-testid="invited"' not in (await officer.get("/")).text
    assert (await holder.post(f"{case}/invite", data={"officer": str(deniz.id)})).status_code == 303
    assert 'data-testid="invited"' in (await officer.get("/")).text
    page = (await officer.get(case)).text
    assert "You write beside Ayşe, who has this case." in page
    assert f'action="{case}/close"' not in page
    assert (await officer.post(f"{case}/reply", data={"text": "من المكتب"})).status_code == 303
    assert 'data-testid="invited"' not in (await officer.get("/")).text
    assert (await officer.post(f"{case}/close", data={"outcome": "helped"})).status_code == 403
    page = (await holder.get(case)).text
    assert "من المكتب" in page
    assert "<bdi>Ayşe</bdi> has asked <bdi>Deniz</bdi> to write in this case too." in page
    assert "case.invite" in await acts(office)


async def test_taking_over_must_be_confirmed_and_means_this_holder(office: Office, signed_in: SignedIn) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    officer = await signed_in(await office.person("Deniz", role=Role.OFFICER))
    case_id = await office.claimed_by(ayse)
    case = f"/cases/{case_id}"
    assert f'name="holder" value="{ayse.id}"' in (await officer.get(case)).text
    for form, status in (
        ({"holder": str(ayse.id)}, 422),
        ({"holder": str(ayse.id), "sure": "no"}, 422),
        ({"sure": "yes"}, 422),
        ({"holder": str(bilal.id), "sure": "yes"}, 409),
        ({"holder": str(ayse.id), "sure": "yes"}, 303),
    ):
        assert (await officer.post(f"{case}/take-over", data=form)).status_code == status, form
    stuck = await signed_in(ayse)
    page = (await stuck.get(case)).text
    assert "<bdi>Deniz</bdi> has taken over the case from <bdi>Ayşe</bdi>." in page
    assert f'action="{case}/reply"' not in page
    assert (await acts(office)).count("case.take-over") == 1


async def test_an_interpreter_takes_nothing_over(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(await office.person("Bilal", "ar"))
    case_id = await office.claimed_by(ayse)
    form = {"holder": str(ayse.id), "sure": "yes"}
    assert (await client.post(f"/cases/{case_id}/take-over", data=form)).status_code == 403
    assert (await office.reads(case_id, ayse)).case.holder == ayse.id


async def test_a_finished_case_is_found_and_opened_again(office: Office, signed_in: SignedIn) -> None:
    ayse, bilal = await office.person("Ayşe", "ar"), await office.person("Bilal", "ar")
    client, other = await signed_in(ayse), await signed_in(bilal)
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        await work.close(db, office.voice, case_id, ayse, Outcome.HELPED)
    case = f"/cases/{case_id}"
    assert case in (await client.get("/")).text
    assert case not in (await other.get("/")).text
    assert (await other.post(f"{case}/reopen")).status_code == 403
    assert f'action="{case}/reopen"' in (await client.get(case)).text
    assert (await client.post(f"{case}/reopen")).headers["location"] == case
    assert "<bdi>Ayşe</bdi> has opened the case again." in (await client.get(case)).text
    assert (await office.reads(case_id, ayse)).case.state is State.CLAIMED
    assert "case.reopen" in await acts(office)


async def test_a_finished_case_beside_a_newer_one_is_not_opened(office: Office, signed_in: SignedIn) -> None:
    ayse = await office.person("Ayşe", "ar")
    client = await signed_in(ayse)
    case_id = await office.claimed_by(ayse)
    async with office.service.engine.begin() as db:
        await work.close(db, office.voice, case_id, ayse, Outcome.HELPED)
    await office.asks_for_person()
    assert "/reopen" not in (await client.get(f"/cases/{case_id}")).text
    refused = await client.post(f"/cases/{case_id}/reopen")
    assert refused.status_code == 409
    assert "This case cannot be opened again." in refused.text
