"""Puts what the pages take from others where the doors serve it: `python -m kiosk.web.assets`, after `npm ci`.

`package.json` names and pins it, `npm ci` fetches it into `node_modules`, and nothing of it is committed. Runs when the
project is built; a running door only reads files. The standard library and fontTools are all that it needs.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kiosk.web import fonts

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = ROOT / "node_modules"
VENDOR: Final = Path(__file__).parent / "static" / "vendor"

COPIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "simple-keyboard/build/index.modern.esm.js": "simple-keyboard.js",
        **{
            f"simple-keyboard-layouts/build/layouts/{name}.js": f"layouts/{name}.js"
            for name in ("arabic", "english", "farsi", "french", "russian", "turkish")
        },
    }
)
"""From a path in `node_modules` to a name in `static/vendor`."""


def build() -> None:
    """Make `static/vendor` anew. Raises FileNotFoundError where `npm ci` has not been run."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for source, name in COPIES.items():
        (VENDOR / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(PACKAGES / source, VENDOR / name)
    fonts.build(PACKAGES, VENDOR, fonts.letters_in_use([ROOT / "content", ROOT / "locales"]))


if __name__ == "__main__":
    build()
