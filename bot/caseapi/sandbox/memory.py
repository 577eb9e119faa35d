"""What the sandbox keeps, it keeps in memory and not for ever: a fuzzer must not be able to fill it."""

from typing import Final, TypeVar

_KEPT: Final = 500

_K = TypeVar("_K")
_V = TypeVar("_V")


def keep(entries: dict[_K, _V], key: _K, value: _V) -> None:
    """Add an entry; the oldest falls out when there are too many."""
    entries[key] = value
    if len(entries) > _KEPT:
        del entries[next(iter(entries))]
