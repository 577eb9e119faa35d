"""The doors' own files: every one of them is loaded by some page, so none can be written and then forgotten."""

import re
from pathlib import Path

from bot.i18n.registry import load_registry
from bot.settings import ROOT
from kiosk.web.own_files import files_behind, static_place

KIOSK = ROOT / "kiosk"


def test_every_own_file_is_loaded_by_a_page() -> None:
    templates = [path.read_text(encoding="utf-8") for path in KIOSK.glob("*/templates/*.html")]
    named = {name for text in templates for name in re.findall(r"\{\{ static \}\}/([\w./-]+)\"", text)}
    # A page asks for the layout of its own language, whichever that is.
    named |= {f"public/layouts/{language.code}.js" for language in load_registry(ROOT / "content").offered()}
    loaded = set(files_behind(f'href="{static_place()}/{name}"' for name in named))

    own = {_address(path) for path in KIOSK.glob("*/static/**/*") if path.suffix in (".js", ".css")}
    # The service worker has an address of its own.
    assert own - loaded == {f"{static_place()}/public/sw.js"}


def _address(path: Path) -> str:
    door, _, *rest = path.relative_to(KIOSK).parts
    return "/".join((static_place(), door, *rest))
