"""The banner: everybody on the staff sees that somebody tries out numbers, an officer says that it was seen."""

import pytest
from sqlalchemy import insert, select

from bot.bootstrap import Service
from bot.caseapi.alarms import Alarm
from bot.cases.model import Role
from bot.cases.rights import Right, roles_with
from bot.storage.tables import alarms, audit
from kiosk.staff.alarms import HAPPENING
from tests.cases.office import Office
from tests.web.staff.conftest import Client, Console, SignedIn, page_problems


async def sound(service: Service, alarm: Alarm = Alarm.RANGE) -> int:
    async with service.engine.begin() as db:
        return int((await db.execute(insert(alarms).values(kind=alarm.value).returning(alarms.c.id))).scalar_one())


async def seen_by(service: Service, alarm_id: int) -> object:
    async with service.engine.connect() as db:
        return await db.scalar(select(alarms.c.staff_id).where(alarms.c.id == alarm_id, alarms.c.seen_at.is_not(None)))


def test_every_alarm_has_words() -> None:
    assert set(HAPPENING) == set(Alarm)


@pytest.mark.parametrize("role", roles_with(Right.CASES))
@pytest.mark.parametrize("alarm", list(Alarm))
async def test_everybody_with_the_queue_sees_it(office: Office, signed_in: SignedIn, role: Role, alarm: Alarm) -> None:
    client = await signed_in(await office.person("Ayşe", "ar", role=role))
    assert 'data-testid="alarm"' not in (await client.get("/")).text
    await sound(office.service, alarm)
    page = (await client.get("/")).text
    assert HAPPENING[alarm] in page
    assert "Please tell the administrator." in page
    assert ("/seen" in page) is (role in roles_with(Right.ALARMS))


async def test_an_officer_says_seen_once(office: Office, signed_in: SignedIn) -> None:
    officer = await office.person("Deniz", "tr", role=Role.OFFICER)
    client = await signed_in(officer)
    alarm_id = await sound(office.service)
    for _ in range(2):
        answer = await client.post(f"/alarms/{alarm_id}/seen")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert await seen_by(office.service, alarm_id) == officer.id
    assert 'data-testid="alarm"' not in (await client.get("/")).text
    async with office.service.engine.connect() as db:
        rows = (await db.execute(select(audit.c.staff_id, audit.c.subject).where(audit.c.act == "alarm.seen"))).all()
    assert [tuple(row) for row in rows] == [(officer.id, str(alarm_id))]


async def test_an_interpreter_cannot_close_it(office: Office, signed_in: SignedIn) -> None:
    client = await signed_in(await office.person("Ayşe", "ar"))
    alarm_id = await sound(office.service)
    answer = await client.post(f"/alarms/{alarm_id}/seen")
    assert answer.status_code == 403
    assert "Your account has no right to this page." in answer.text
    assert await seen_by(office.service, alarm_id) is None


async def test_strangers_and_other_pages_cannot_close_it(office: Office, client: Client, signed_in: SignedIn) -> None:
    officer = await signed_in(await office.person("Deniz", "tr", role=Role.OFFICER))
    alarm_id = await sound(office.service)
    assert (await client.post(f"/alarms/{alarm_id}/seen")).headers["location"] == "/sign-in"
    elsewhere = {"Origin": "https://elsewhere.test", "Sec-Fetch-Site": "cross-site"}
    assert (await officer.post(f"/alarms/{alarm_id}/seen", headers=elsewhere)).status_code == 403
    assert await seen_by(office.service, alarm_id) is None
    assert (await officer.post("/alarms/999999999999999999999/seen")).status_code == 422


async def test_it_appears_on_an_open_page_and_can_be_closed_there(office: Office, console: Console) -> None:
    page = await console(await office.person("Deniz", "tr", role=Role.OFFICER))
    await sound(office.service)
    await page.reload()
    await page.get_by_role("button", name=HAPPENING[Alarm.RANGE]).click()
    await page.get_by_role("heading", name="Queue").wait_for()
    assert await page.get_by_test_id("alarm").count() == 0
    assert page_problems(page) == []
