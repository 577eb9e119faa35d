"""The installation's key: one for all processes, for this user's eyes only, and loud when it is the wrong one."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.storage.sealing import Seal, WrongKeyError, load_secret

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_sealed_opens_again_and_shows_nothing(value: object) -> None:
    seal = Seal(b"a secret of more than thirty-two bytes")
    assert seal.open(seal.close(value)) == value
    assert b"canary" not in seal.close({"text": "canary", "value": value})


def test_half_a_surrogate_pair_is_not_worth_losing_a_message() -> None:
    seal = Seal(b"a secret of more than thirty-two bytes")
    assert seal.open(seal.close({"text": "a\ud83d"})) == {"text": "a\ud83d"}


@pytest.mark.parametrize("damage", [lambda sealed: sealed[:-1], lambda sealed: b"", lambda sealed: b"x" + sealed[1:]])
def test_a_damaged_or_foreign_value_says_so(damage: object) -> None:
    sealed = Seal(b"a secret of more than thirty-two bytes").close("x")
    assert callable(damage)
    with pytest.raises(WrongKeyError, match="REHBER_SECRET_KEY"):
        Seal(b"a secret of more than thirty-two bytes").open(damage(sealed))
    with pytest.raises(WrongKeyError, match=r"secret\.key"):
        Seal(b"another secret of thirty-two bytes or more").open(sealed)


def test_a_fingerprint_names_without_saying_and_depends_on_the_key_and_on_every_part() -> None:
    one, other = Seal(b"one secret"), Seal(b"other secret")
    assert one.fingerprint("telegram", "7") == one.fingerprint("telegram", "7")
    named = {
        seal.fingerprint(*parts) for seal in (one, other) for parts in (("a", "bc"), ("ab", "c"), ("abc",), ("abc", ""))
    }
    assert len(named) == 8
    assert all(len(name) == 32 and b"abc" not in name for name in named)


def test_the_key_file_is_for_this_user_only(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        secret = load_secret("", tmp_path / "deep" / "data")
    finally:
        os.umask(previous)
    path = tmp_path / "deep" / "data" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes() == secret
    assert len(secret) >= 32
    assert [file.name for file in path.parent.iterdir()] == ["secret.key"], "a draft was left behind"
    assert load_secret("", tmp_path / "deep" / "data") == secret


def _load(folder: Path, barrier: object, results: object) -> None:
    barrier.wait()  # type: ignore[attr-defined]
    results.put(load_secret("", folder))  # type: ignore[attr-defined]


def test_processes_that_start_at_once_have_one_key(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for number in range(10):
        folder, results, barrier = tmp_path / str(number), context.Queue(), context.Barrier(6)
        processes = [context.Process(target=_load, args=(folder, barrier, results)) for _ in range(6)]
        for process in processes:
            process.start()
        secrets = {results.get(timeout=30) for _ in processes}
        for process in processes:
            process.join(30)
        assert len(secrets) == 1
        assert len(secrets.pop()) >= 32


def test_a_key_file_that_is_empty_is_not_a_key(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"")
    with pytest.raises(SettingsError, match=r"secret\.key is not a key"):
        load_secret("", tmp_path)


def test_a_configured_key_goes_before_the_file_and_may_not_be_short(tmp_path: Path) -> None:
    assert load_secret("k" * 32, tmp_path) == b"k" * 32
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(SettingsError, match="REHBER_SECRET_KEY is too short") as error:
        load_secret("hunter2", tmp_path)
    assert "hunter2" not in str(error.value)
