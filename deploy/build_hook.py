"""Fetches the third-party files of the pages before a wheel is built, so that the wheel holds them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """An editable install reads the checkout, where `make setup` does the same."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            subprocess.run([Path(self.root) / "deploy" / "assets", sys.executable], check=True)
