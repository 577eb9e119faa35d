"""Original and translation side by side, and a Turkish message that goes out in both languages."""

from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from bot.cases import work
from bot.cases.model import Role, Staff
from bot.hub.translating import translate_next
from bot.model import BlockKind, Utterance
from bot.storage.tables import outbox
from tests.cases.office import Office
from tests.web.conftest import accessibility_violations, screenshot
from tests.web.staff.conftest import Console, SignedIn, page_problems

TURKISH = "Lütfen yarın saat 9:30 ofise gelin."


async def _claimed(office: Office, language: str = "ar") -> tuple[UUID, Staff]:
    opened, officer = await office.asks_for_person(language=language), await office.person("Deniz", role=Role.OFFICER)
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, officer)
    return opened.case_id, officer


@pytest.mark.parametrize(("locale", "scheme"), [("tr-TR", "dark"), ("en-US", "light")])
async def test_both_texts_are_seen_and_sent(
    office: Office, console: Console, models: Path, locale: str, scheme: str
) -> None:
    case_id, officer = await _claimed(office)
    await office.adds(case_id, "غدا إلى المكتب 12.")
    page = await console(officer, locale=locale, scheme=scheme)
    await page.goto(f"/cases/{case_id}")
    await expect(page.get_by_test_id("translation-pending")).to_be_visible()
    translator = office.service.translator()
    assert await translate_next(office.service, translator)
    translator.close()
    await expect(page.get_by_test_id("translation")).to_be_visible()
    assert await page.locator("#log .said--applicant .said__text").first.get_attribute("lang") == "ar"
    assert await page.get_by_test_id("translation").locator(".said__text").get_attribute("lang") == "tr"
    assert await accessibility_violations(page) == []
    await page.locator("#reply").fill(TURKISH)
    await page.get_by_test_id("translate").click()
    await expect(page.get_by_test_id("original")).to_contain_text("ofise gelin.")
    await expect(page.get_by_test_id("doubts")).to_contain_text("9:30")
    made = await page.locator("input[name=translation]").input_value()
    assert await accessibility_violations(page) == []
    await screenshot(page, f"console-translated-{locale}-{scheme}")
    await page.get_by_test_id("send-both").click()
    await expect(page.locator(".said--officer").get_by_test_id("translation")).to_be_visible()
    assert await page.locator("#reply").input_value() == "", "what was sent is no draft any more"
    await screenshot(page, f"console-side-by-side-{locale}-{scheme}")
    async with office.service.engine.connect() as db:
        sealed = (await db.scalars(select(outbox.c.sealed_payload).order_by(outbox.c.id.desc()).limit(1))).one()
    blocks = Utterance.from_json(office.service.seal.open(sealed)).blocks
    assert [block.kind for block in blocks] == [BlockKind.PERSON, BlockKind.NOTE, BlockKind.PERSON, BlockKind.NOTE]
    assert (blocks[0].text, blocks[2].text) == (made.strip(), TURKISH)
    assert page_problems(page) == []


async def test_a_language_without_a_model_says_so(office: Office, signed_in: SignedIn, models: Path) -> None:
    case_id, officer = await _claimed(office, "ps")
    client = await signed_in(officer)
    page = (await client.get(f"/cases/{case_id}")).text
    assert "There is no machine translation into this language." in page
    assert 'data-testid="translate"' not in page
    answer = await client.post(f"/cases/{case_id}/translate", data={"text": TURKISH})
    assert answer.status_code == 200
    assert "There is no machine translation into this language." in answer.text
    assert "send-both" not in answer.text


async def test_only_who_may_read_may_translate(office: Office, signed_in: SignedIn, models: Path) -> None:
    case_id, _ = await _claimed(office)
    client = await signed_in(await office.person("Ayşe", "fa"))
    assert (await client.post(f"/cases/{case_id}/translate", data={"text": TURKISH})).status_code == 404
    client = await signed_in(await office.person("Bilal", "ar"))
    assert (await client.post(f"/cases/{case_id}/translate", data={"text": TURKISH})).status_code == 403


@pytest.mark.parametrize("text", ["", " \r\n ", "a" * 3001])
async def test_an_empty_or_endless_text_is_refused(
    office: Office, signed_in: SignedIn, models: Path, text: str
) -> None:
    case_id, officer = await _claimed(office)
    client = await signed_in(officer)
    assert (await client.post(f"/cases/{case_id}/translate", data={"text": text})).status_code == 422
