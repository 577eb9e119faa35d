"""A project whose texts somebody has reviewed in some languages, for tests of what an office may offer."""

import shutil
from datetime import date
from pathlib import Path

from bot.checks.review import review
from bot.settings import ROOT

DAY = date(2026, 11, 23)


def reviewed_project(root: Path) -> Path:
    """The project's knowledge in the folder `root`: Arabic is reviewed whole, Persian but for one topic."""
    shutil.copytree(ROOT / "content", root / "content")
    (root / "locales").symlink_to(ROOT / "locales")
    folders = sorted((root / "content" / "topics").iterdir())
    of_codes = root / "content" / "case"
    review([of_codes / "ar.yaml", *(folder / "ar.md" for folder in folders)], "A. Örnek", DAY, DAY)
    review([of_codes / "fa.yaml", *(folder / "fa.md" for folder in folders[1:])], "A. Örnek", DAY, DAY)
    return root
