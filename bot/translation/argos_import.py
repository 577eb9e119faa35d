"""Imports Argos Translate without torch, spaCy, the network or a word of anybody in a log.

Argos reads its settings and makes folders when it is imported, imports its ways of finding sentences whether they are
used or not, and logs every text it is given. All of that is turned off here, once; nothing else imports it.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

_NOT_IMPORTED: Final[Mapping[str, Mapping[str, object]]] = {
    "stanza": {},
    "minisbd": {"SBDetect": None, "models": SimpleNamespace(cache_dir="")},
}
"""Modules that Argos asks for by name and does not need here, with the names it takes from them."""

_SETTINGS: Final = {
    "ARGOS_DEVICE_TYPE": "cpu",
    "ARGOS_BEAM_SIZE": "2",
    "ARGOS_MODEL_PROVIDER": "OPENNMT",
    "ARGOS_CHUNK_TYPE": "MINISBD",
    "ARGOS_DEBUG": "0",
    # Nothing is asked for there; an address that leads nowhere keeps it so.
    "ARGOS_PACKAGE_INDEX": "http://127.0.0.1:9/",
}


@cache
def load(home: Path) -> SimpleNamespace:
    """Argos' `package.Package`, `translate.Translator` and `translate.apply_packaged_translation`.

    It may write below `home` and nowhere else.
    """
    with (
        _environment(_SETTINGS | {f"XDG_{kind}_HOME": str(home) for kind in ("DATA", "CONFIG", "CACHE")}),
        _stand_ins(),
    ):
        from argostranslate import package, translate, utils

    utils.logger.disabled = True
    return SimpleNamespace(
        Package=package.Package, Translator=translate.Translator, apply=translate.apply_packaged_translation
    )


@contextmanager
def _environment(changed: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _stand_ins() -> Iterator[None]:
    missing = {name: names for name, names in _NOT_IMPORTED.items() if name not in sys.modules}
    for name, names in missing.items():
        module: Any = ModuleType(name)
        vars(module).update(names)
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
