"""The doors' own files, at an address that changes when one of them does, so that a browser may keep them for good.

What is third-party among them lies in `static/vendor`, put there by `kiosk.web.assets` when the project is built.
"""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

_KIOSK: Final = Path(__file__).parents[1]
WEB: Final = _KIOSK / "web" / "static"

_IN_PAGE: Final = re.compile(r'(?:src|href)="(/static/[^"]+)"')
_IN_FILE: Final = {
    ".css": re.compile(r"""(?:url\(|@import )["']?([^"')]+)["']?"""),
    ".js": re.compile(r"""(?:\bfrom|\bimport|\bimport\()\s*["']([./][^"']+)["']"""),
}


@cache
def static_place() -> str:
    """Where the files of both doors are, without a slash at the end: `/static/` and a hash of all of them."""
    digest = sha256()
    for path in sorted(path for path in _KIOSK.glob("*/static/**/*") if path.is_file()):
        digest.update(path.relative_to(_KIOSK).as_posix().encode())
        digest.update(sha256(path.read_bytes()).digest())
    return f"/static/{digest.hexdigest()[:16]}"


def files_behind(pages: Iterable[str]) -> dict[str, bytes]:
    """The own files that these pages load, and those that they load in turn, by address.

    Raises FileNotFoundError where a page or a file names one that does not exist.
    """
    left = {address for page in pages for address in _IN_PAGE.findall(page)}
    found: dict[str, bytes] = {}
    while left:
        address = left.pop()
        door, _, name = address.removeprefix(f"{static_place()}/").partition("/")
        body = (_KIOSK / door / "static" / name).read_bytes()
        found[address] = body
        if named := _IN_FILE.get(Path(name).suffix):
            others = (normpath(join(dirname(address), other)) for other in named.findall(body.decode()))
            left |= set(others) - found.keys()
    return found


def mount_own_files(app: FastAPI, name: str, folder: Path) -> None:
    """Serve the shared files at `…/web/` and those of the door at `…/<name>/`.

    A page that was made before an update asks by the old hash, and gets what there is. They alone are compressed: the
    length of a compressed page that holds both a secret and words of others tells the secret (https://breachattack.com).
    """
    app.mount("/static/{version}/web", _compressed(WEB))
    app.mount(f"/static/{{version}}/{name}", _compressed(folder))


def _compressed(folder: Path) -> ASGIApp:
    """Fonts and sounds are so already; the middleware leaves them alone."""
    return GZipMiddleware(StaticFiles(directory=folder))
