"""The console shows at once that a message was not understood, and that an applicant goes on at another place."""

from playwright.async_api import expect
from sqlalchemy import select

from bot.cases import moving, work
from bot.cases.opening import say_unclear
from bot.storage.tables import case_entries
from tests.cases.office import Office
from tests.web.conftest import accessibility_violations
from tests.web.staff.conftest import Console, following, page_problems

SECOND_MS = 1000


async def test_a_message_is_marked_while_somebody_writes(office: Office, console: Console) -> None:
    opened, ayse = await office.asks_for_person(), await office.person("Ayşe", "ar")
    page = await console(ayse)
    await page.goto(f"/cases/{opened.case_id}")
    await page.get_by_role("button", name="Take this case").click()
    await following(page)
    async with office.service.engine.begin() as db:
        await work.reply(db, office.voice, opened.case_id, ayse, "يجب أن تذهب إلى كاتب العدل")
    await expect(page.locator(".said--interpreter")).to_have_count(1, timeout=2 * SECOND_MS)
    await page.locator("#reply").fill("unsent words")
    await expect(page.get_by_test_id("unclear")).to_have_count(0)
    conversation_id = await office.writes("?")
    async with office.service.engine.begin() as db:
        written = select(case_entries.c.id).where(case_entries.c.outbox_id.is_not(None))
        entry_id = (await db.execute(written)).scalar_one()
        assert await say_unclear(db, office.service.seal, conversation_id, entry_id)
    await expect(page.locator(f"#entry-{entry_id}").get_by_test_id("unclear")).to_be_visible(timeout=2 * SECOND_MS)
    await expect(page.get_by_test_id("event-unclear")).to_contain_text("#A1")
    assert await page.locator("#reply").input_value() == "unsent words"
    assert await accessibility_violations(page) == []
    assert page_problems(page) == []


async def test_the_way_to_another_place_is_seen_at_once(office: Office, console: Console) -> None:
    opened, ayse = await office.asks_for_person(), await office.person("Ayşe", "ar")
    page = await console(ayse)
    await page.goto(f"/cases/{opened.case_id}")
    await following(page)
    left, phone = await office.writes("?"), await office.writes("?", "phone")
    async with office.service.engine.begin() as db:
        await moving.hold_open(db, left, phone)
        assert await moving.move(db, office.service.seal, left, phone, "telegram") == opened.case_id
    await expect(page.get_by_test_id("event-moved")).to_contain_text("Telegram", timeout=2 * SECOND_MS)
    assert page_problems(page) == []


async def test_a_case_that_was_joined_to_another_says_so(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    first, second = await office.asks_for_person(), await office.asks_for_person("phone")
    left, phone = await office.writes("?"), await office.writes("?", "phone")
    async with office.service.engine.begin() as db:
        await moving.hold_open(db, left, phone)
        await moving.move(db, office.service.seal, left, phone, "telegram")
    await expect(page.locator(f"#case-{second.case_id}")).to_have_count(0, timeout=2 * SECOND_MS)
    await expect(page.locator(f"#case-{first.case_id}")).to_be_visible()
