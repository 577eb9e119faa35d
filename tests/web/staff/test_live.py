"""The console in Chromium keeps itself up to date: new cases at once, two people at once, drafts, sign-out."""

import asyncio

from playwright.async_api import expect
from sqlalchemy import insert

from bot.cases import staff, work
from bot.storage.tables import case_entries
from kiosk.staff.news import ANY_CASE, CaseNews
from tests.cases.office import Office
from tests.web.staff.conftest import Console, following, page_problems


async def test_two_people_see_a_new_case_without_a_reload(office: Office, console: Console) -> None:
    pages = [await console(await office.person(name, "ar")) for name in ("Ayşe", "Bilal")]
    for page in pages:
        await following(page)
        await expect(page.locator("[data-case]")).to_have_count(0)
    opened = await office.asks_for_person(topic="address-registration")
    for page in pages:
        await expect(page.locator(f"#case-{opened.case_id}")).to_be_visible()
    for page in pages:
        await expect(page.get_by_role("status")).to_have_text("A new case is in the queue.")
        assert await page.title() == "Queue (1) · Rehber"
        assert page_problems(page) == []


async def test_what_one_takes_the_other_sees_taken(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    ayse, bilal = [await console(await office.person(name, "ar")) for name in ("Ayşe", "Bilal")]
    await following(bilal)
    await ayse.locator(f"#link-{opened.case_id}").click()
    await ayse.get_by_role("button", name="Take this case").click()
    await expect(bilal.locator(f"#others #case-{opened.case_id}")).to_contain_text("Ayşe")
    await expect(bilal.locator("#waiting [data-case]")).to_have_count(0)


async def test_who_reads_a_case_that_another_takes_is_led_away(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    bilal = await console(await office.person("Bilal", "ar"))
    await bilal.goto(f"/cases/{opened.case_id}")
    await following(bilal)
    ayse = await office.person("Ayşe", "ar")
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    await bilal.wait_for_url("**/")


async def test_the_applicants_words_appear_while_somebody_writes(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(f"/cases/{opened.case_id}")
    await page.get_by_role("button", name="Take this case").click()
    await following(page)
    box = page.get_by_label("Your message to the applicant")
    await box.press_sequentially("أهلا", delay=10)
    await office.adds(opened.case_id, "هل أنت هنا؟")
    await expect(page.get_by_role("log")).to_contain_text("هل أنت هنا؟")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("أهلا")
    assert page_problems(page) == []


async def test_a_draft_outlives_a_reload_and_leaves_with_the_message(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    ayse = await office.person("Ayşe", "ar")
    page = await console(ayse)
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    await page.goto(f"/cases/{opened.case_id}")
    box = page.get_by_label("Your message to the applicant")
    await box.press_sequentially("نصف رسالة")
    await page.reload()
    await expect(box).to_have_value("نصف رسالة")
    await page.get_by_role("button", name="Send to the applicant").click()
    await expect(page.get_by_role("log")).to_contain_text("نصف رسالة")
    await expect(box).to_have_value("")
    await page.reload()
    await expect(box).to_have_value("")
    assert [e.text for e in (await office.reads(opened.case_id, ayse)).entries].count("نصف رسالة") == 1


async def test_a_double_click_sends_once(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    ayse = await office.person("Ayşe", "ar")
    page = await console(ayse)
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, ayse)
    await page.goto(f"/cases/{opened.case_id}")
    await page.get_by_label("Your message to the applicant").fill("مرة واحدة")
    await page.get_by_role("button", name="Send to the applicant").dblclick()
    await expect(page.get_by_role("log")).to_contain_text("مرة واحدة")
    assert [e.text for e in (await office.reads(opened.case_id, ayse)).entries].count("مرة واحدة") == 1


async def test_who_is_dismissed_leaves_every_page_within_five_seconds(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await following(page)
    async with office.service.engine.begin() as db:
        await staff.dismiss(db, "Ayşe")
    await page.wait_for_url("**/sign-in")


async def test_what_happened_while_the_line_was_cut_is_there_soon_after(office: Office, console: Console) -> None:
    page = await console(await office.person("Ayşe", "ar"))
    await following(page)
    await page.context.set_offline(True)
    opened = await office.asks_for_person()
    await expect(page.get_by_role("status")).to_contain_text("The connection is cut")
    await expect(page.locator("[data-case]")).to_have_count(0)
    await page.context.set_offline(False)
    await expect(page.locator(f"#case-{opened.case_id}")).to_be_visible()
    await following(page)
    await expect(page.get_by_role("status")).not_to_contain_text("The connection is cut")


async def test_somebody_idle_is_warned_and_a_key_keeps_them(office: Office, console: Console) -> None:
    ayse = await office.person("Ayşe", "ar")
    page = await console(ayse)
    await page.clock.install()
    await page.reload()
    await following(page)
    await office.let_pass(ayse, "acted_at", 13)
    await page.clock.fast_forward("13:00")
    await expect(page.get_by_role("status")).to_contain_text("You will be signed out soon.")
    async with page.expect_response("**/here") as told:
        await page.keyboard.press("Shift")
    assert (await told.value).status == 204
    await expect(page.get_by_role("status")).to_have_text("")
    await office.let_pass(ayse, "acted_at", 14)
    assert (await page.request.get("/")).status == 200


async def test_the_way_from_sign_in_to_the_queue_and_out(office: Office, console: Console) -> None:
    ayse = await office.person("Ayşe", "ar")
    page = await console(ayse)
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await page.get_by_label("Name").fill("Ayşe")
    await page.get_by_label("Password").fill(await office.password(ayse))
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    await page.get_by_role("button", name="Türkçe").click()
    await expect(page.locator("html")).to_have_attribute("lang", "tr")
    # The page that was left may still have asked for its news.
    assert [said for said in page_problems(page) if "401" not in said] == []


async def test_everything_works_without_scripts(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    ayse = await office.person("Ayşe", "ar")
    page = await console(ayse, script=False)
    await page.locator(f"#link-{opened.case_id}").click()
    await page.get_by_role("button", name="Take this case").click()
    await page.get_by_label("Your message to the applicant").fill("أهلا")
    await page.get_by_role("button", name="Send to the applicant").click()
    await expect(page.get_by_role("log")).to_contain_text("أهلا")
    await page.get_by_text("Close or give back").click()
    await page.get_by_role("button", name="Close the case").click()
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    assert (await office.reads(opened.case_id, ayse)).entries[-1].kind == "closed"


async def test_a_case_can_be_worked_by_keyboard_alone(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    ayse = await office.person("Ayşe", "ar")
    page = await console(ayse)

    async def reach(selector: str) -> None:
        await following(page)
        for _ in range(30):
            await page.keyboard.press("Tab")
            if await page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"{selector} is not reached with Tab")

    await reach(".case__link")
    await page.keyboard.press("Enter")
    await expect(page.locator("#claim")).to_be_visible()
    await reach("#claim")
    await page.keyboard.press("Enter")
    await expect(page.locator("#reply")).to_be_visible()
    await reach("#reply")
    await page.keyboard.type("أهلا")
    await reach("button")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("أهلا")
    assert "أهلا" in [e.text for e in (await office.reads(opened.case_id, ayse)).entries]


async def test_a_change_whose_ring_was_lost_is_noticed_at_the_next_silence(office: Office) -> None:
    opened = await office.asks_for_person()
    news = CaseNews(office.service.engine, office.service.settings.database_url)
    async with news.heard():
        with news.reader() as reader:
            assert await reader.next(2) == [ANY_CASE], "at first everything is new"
            assert await reader.next(0.1) == []
            async with office.service.engine.begin() as db:
                await db.execute(
                    insert(case_entries).values(case_id=opened.case_id, kind="message", author="bot", audience=[])
                )
            async with asyncio.timeout(3):
                assert await reader.next(3) == [ANY_CASE]
