"""The packages of Rasa's environment, as `uv.lock` has them: what else the project uses changes no model.

Standard library only, like `bot.rasa.commands`.
"""

import tomllib
from pathlib import Path
from typing import Any, Final

PROJECT: Final = "rehber"
GROUP: Final = "rasa"


def locked(lock: Path) -> list[str]:
    """`name==version` of each package that the group `rasa` needs, by whatever way, in alphabetical order.

    Reads uv's lock (https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile): a dependency names the version
    where the lock holds several of one package.
    """
    packages = tomllib.loads(lock.read_text(encoding="utf-8"))["package"]
    project = next(package for package in packages if package["name"] == PROJECT)
    open_ones: list[dict[str, Any]] = list(project["dev-dependencies"][GROUP])
    found: set[str] = set()
    followed: set[tuple[str, str, tuple[str, ...]]] = set()
    while open_ones:
        wanted = open_ones.pop()
        key = (wanted["name"], wanted.get("version", ""), tuple(wanted.get("extra", ())))
        if key in followed:
            continue
        followed.add(key)
        for package in packages:
            if package["name"] == wanted["name"] and package["version"] == wanted.get("version", package["version"]):
                found.add(f"{package['name']}=={package['version']}")
                open_ones += package.get("dependencies", [])
                for extra in wanted.get("extra", ()):
                    open_ones += package.get("optional-dependencies", {}).get(extra, [])
    return sorted(found)
