"""Keeps libraries that this model never calls out of Rasa's server process.

Rasa imports TensorFlow and matplotlib to define classes of components that our pipeline does not use; the import took
half of the server's start and nearly half of its memory. Their names resolve to empty classes instead. Only `server`
uses this, never training, and a component that really needs TensorFlow fails at once when the model is loaded.
"""

import sys
from collections.abc import Collection, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Final

UNUSED: Final = frozenset({"tensorflow", "tensorflow_addons", "tensorflow_hub", "keras", "matplotlib"})


class _Anything(type):
    """A class of which every attribute is a class like it, which can be a base class, a decorator or a call."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        if len(arguments) == 1 and callable(arguments[0]) and not options:
            return arguments[0]
        return super().__call__()


class _AbsentModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything(name, (), {})


class _Finder(MetaPathFinder, Loader):
    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in self._names:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def leave_out(names: Collection[str] = UNUSED) -> None:
    """Make every later import of these libraries give an empty one. Call before Rasa is imported."""
    sys.meta_path.insert(0, _Finder(names))
