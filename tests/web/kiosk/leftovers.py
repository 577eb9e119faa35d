"""Searches for words of a visitor wherever they could have been left: files, the browser's stores, the database."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Final
from urllib.parse import quote

from playwright.async_api import Page
from sqlalchemy import MetaData, select

from bot.bootstrap import Service

BROWSER: Final = """async () => {
  const kept = { local: { ...localStorage }, session: { ...sessionStorage }, databases: [], caches: [] };
  for (const { name } of await indexedDB.databases()) kept.databases.push(name);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.caches.push([request.url, await (await cache.match(request)).text()]);
    }
  }
  return JSON.stringify({ kept, shown: document.documentElement.outerHTML, address: location.href });
}"""


def spellings(canary: str) -> set[bytes]:
    """The canary as programs write it: plain, UTF-16, percent-encoded, in JSON, and in Base64 at all three places."""
    plain = canary.encode()
    found = {plain, canary.encode("utf-16-le"), canary.encode("utf-16-be"), quote(canary).encode()}
    found |= {json.dumps(canary)[1:-1].encode()}
    for text in (plain, canary.encode("utf-16-le"), canary.encode("utf-16-be")):
        for before in range(3):
            # What the bytes beside it decide is left out at both ends.
            coded = b64encode(b"\0" * before + text)
            found.add(coded[(before * 8 + 5) // 6 : (before + len(text)) * 8 // 6])
    return found


def in_bytes(canary: str, content: bytes) -> bool:
    return any(spelling in content for spelling in spellings(canary))


def in_files(canary: str, folder: Path) -> list[str]:
    """The files below `folder` that hold the canary or are named by it."""
    found = []
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if in_bytes(canary, str(path.relative_to(folder)).encode() + b"\0" + content):
            found.append(str(path))
    return found


async def in_browser(canary: str, page: Page) -> bool:
    """Whether a script on this page can read it anywhere, in the cookies, or on the screen."""
    cookies = json.dumps(await page.context.cookies())
    return in_bytes(canary, (await page.evaluate(BROWSER) + cookies).encode())


async def in_database(canary: str, service: Service) -> list[str]:
    """The tables in which it stands, also of Rasa and of the jobs. What is sealed is opened."""
    found = []
    async with service.engine.connect() as db:
        for schema in (None, "rasa"):
            tables = MetaData(schema=schema)
            await db.run_sync(tables.reflect)
            for table in tables.sorted_tables:
                rows = (await db.execute(select(table))).mappings().all()
                written = [
                    service.seal.open(value) if name.startswith("sealed_") and value else str(value)
                    for row in rows
                    for name, value in row.items()
                ]
                if in_bytes(canary, json.dumps(written, ensure_ascii=False).encode()):
                    found.append(table.fullname)
    return found
