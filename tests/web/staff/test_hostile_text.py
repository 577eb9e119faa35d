"""What people write stays text in every field of every view: no script, no markup, no reversed reading."""

import json
from uuid import UUID

from playwright.async_api import Page, expect
from sqlalchemy import update

from bot.cases import work
from bot.cases.model import Staff
from bot.model import Kind
from bot.storage.tables import cases
from kiosk.web.untrusted import revealed
from tests.cases.office import Office
from tests.web.staff.conftest import Console, following, page_problems

FIRE = "window.fired=(window.fired||0)+1"
SCRIPTS = (
    f"<script>{FIRE}</script>",
    f"<img src=x onerror='{FIRE}'>",
    f"<svg/onload={FIRE}>",
    f'"><script>{FIRE}</script>',
    f"'-{FIRE}-'",
    f"</li></ol></textarea></title></style><script>{FIRE}</script>",
    f"<iframe srcdoc='<script>parent.{FIRE}</script>'></iframe>",
    f"<a href='javascript:{FIRE}'>here</a>",
    f"<math><mtext><table><mglyph><style><img src onerror={FIRE}>",
    f"<details open ontoggle={FIRE}>",
    f"<body onload={FIRE}>",
    f"<form action='javascript:{FIRE}'><button autofocus onfocus={FIRE}>",
    "<base href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<link rel=stylesheet href=//evil.example><style>*{display:none}</style>",
    "{{ 7*7 }}{% raw %}${7*7}#{7*7}{reference}%(x)s{0.__class__}",
    "&lt;script&gt;&#60;script&#62;",
    "javascript:alert(1)//https://evil.example",
    "]]><!--<script>-->",
    "\x00<script\x00>",
    "＜script＞alert(1)＜/script＞",
)
BIDI = (
    "abc\u202edcba\u202c",
    "\u2066\u2067\u2068 never closed",
    "رقم \u202d12345\u202e hidden",
    "zero\u200bwidth\u2060join\ufeff",
    "tag\U000e0041\U000e0042",
    "z" + "\u0335" * 60,
    "\u061cmark",
)
PAYLOADS = SCRIPTS + BIDI


async def assert_inert(page: Page) -> None:
    """Nothing ran, nothing was refused by the policy, and no text of anybody has become an element or a direction."""
    assert await page.evaluate("window.fired") is None
    assert page_problems(page) == []
    assert (
        await page.evaluate(
            "[...document.querySelectorAll('.said__text, bdi')]"
            ".filter(node => node.childElementCount).map(node => node.innerHTML)"
        )
        == []
    )
    assert await page.evaluate("document.querySelectorAll('iframe, object, embed, base, math, style').length") == 0
    assert await page.evaluate("document.querySelectorAll('script').length") == 1
    hidden = r"/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/u"
    assert await page.evaluate(f"{hidden}.test(document.body.textContent)") is False


async def _fill(office: Office, author: Staff) -> UUID:
    """A case with every payload in every field that anybody can write."""
    for payload in PAYLOADS:
        for kind in (Kind.TEXT, Kind.EDIT, Kind.UNREADABLE, Kind.COMMAND, Kind.CHOICE):
            await office.writes(payload, kind=kind)
    opened = await office.asks_for_person()
    async with office.service.engine.begin() as db:
        await work.claim(db, office.service.seal, opened.case_id, author)
    for payload in PAYLOADS:
        await office.adds(opened.case_id, payload)
        async with office.service.engine.begin() as db:
            await work.reply(db, office.voice, opened.case_id, author, payload)
            await work.add_note(db, office.service.seal, opened.case_id, author, payload)
    return opened.case_id


async def test_every_payload_in_every_field_is_text(office: Office, console: Console) -> None:
    author = await office.person("<img src=x onerror=window.fired=1>\u202e", "ar")
    case_id = await _fill(office, author)
    async with office.service.engine.begin() as db:
        await db.execute(update(cases).values(topic=f"<script>{FIRE}</script>\u202e"))
    page = await console(author)
    await expect(page.locator("#mine [data-case]")).to_have_count(1)
    await assert_inert(page)
    await page.goto(f"/cases/{case_id}")
    await following(page)
    await assert_inert(page)
    shown = await page.locator("#log .said__text").all_text_contents()
    expected = [revealed(payload.strip()) for payload in PAYLOADS for _ in range(3)]
    assert shown == expected
    assert "[U+202E]" in "".join(shown)


async def test_the_last_twenty_from_before_are_text_whatever_their_kind(office: Office, console: Console) -> None:
    ayse = await office.person("Ayşe", "ar")
    page = await console(ayse)
    for kind in (Kind.TEXT, Kind.EDIT, Kind.UNREADABLE, Kind.COMMAND, Kind.CHOICE):
        for start in range(0, len(PAYLOADS), 19):
            address = f"{kind}-{start}"
            for payload in PAYLOADS[start : start + 19]:
                await office.writes(payload, address, kind=kind)
            opened = await office.asks_for_person(address)
            await page.goto(f"/cases/{opened.case_id}")
            shown = await page.locator(".before .said__text").all_text_contents()
            assert len(shown) == len(PAYLOADS[start : start + 19]) + 1
            await assert_inert(page)


async def test_news_is_merged_as_text_too(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    page = await console(await office.person("Ayşe", "ar"))
    await page.goto(f"/cases/{opened.case_id}")
    await following(page)
    for payload in PAYLOADS:
        await office.adds(opened.case_id, payload)
    await expect(page.locator("#log .said__text")).to_have_count(len(PAYLOADS))
    await assert_inert(page)


async def test_a_refused_text_is_given_back_as_text(office: Office, console: Console) -> None:
    opened = await office.asks_for_person()
    page = await console(await office.person("Ayşe", "ar"))
    for payload in PAYLOADS:
        if not payload.isprintable():
            continue
        await page.evaluate(
            "([path, text]) => { const form = document.createElement('form'); form.method = 'post'; form.action = path;"
            "const box = document.createElement('textarea'); box.name = 'text'; box.value = text;"
            "form.append(box); document.body.append(form); form.submit(); }",
            [f"/cases/{opened.case_id}/reply", payload],
        )
        await expect(page.locator("#typed")).to_have_value(payload)
        assert await page.evaluate("window.fired") is None
    problems = [p for p in page_problems(page) if "403" not in p]
    assert problems == [], json.dumps(problems)
