"""What may be unpacked, and what may not."""

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main as command
from bot.translation import installing
from bot.translation.argos import installed
from bot.translation.installing import Model, ModelRefused, allowed, install, install_all
from tests.translation.tiny import allow

Change = Callable[[zipfile.ZipFile], None]


def repacked(file: Path, folder: Path, change: Change, *, without: str = "") -> Path:
    """The package with something more in it, or less."""
    other = folder / file.name
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if not without or not member.filename.endswith(without):
                new.writestr(member, old.read(member))
        change(new)
    return other


def _link(packed: zipfile.ZipFile) -> None:
    member = zipfile.ZipInfo("translate-ar_en/model/link")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    packed.writestr(member, "/etc/passwd")


def _many(packed: zipfile.ZipFile) -> None:
    for number in range(installing.MOST_FILES):
        packed.writestr(f"translate-ar_en/{number}", "")


REFUSED: dict[str, Change] = {
    "outside": lambda packed: packed.writestr("translate-ar_en/../../../outside", "x"),
    "absolute": lambda packed: packed.writestr("/outside", "x"),
    "windows": lambda packed: packed.writestr("C:outside", "x"),
    "two roots": lambda packed: packed.writestr("another/metadata.json", "{}"),
    "link": _link,
    "bomb": lambda packed: packed.writestr("translate-ar_en/zeros", b"\0" * 5_000_000),
    "many": _many,
    "control": lambda packed: packed.writestr("translate-ar_en/a\nb", "x"),
}


@pytest.fixture
def file(packages: Path) -> Path:
    return packages / "translate-ar_en.argosmodel"


def take(file: Path, folder: Path) -> Model:
    allow(file, folder / "list")
    return install(file, folder / "models", allowed(folder / "list"))


def test_an_allowed_model_is_installed_and_may_come_again(file: Path, tmp_path: Path) -> None:
    for _ in range(2):
        assert take(file, tmp_path) == Model("ar", "en", "1.0")
    assert installed(tmp_path / "models").keys() == {("ar", "en")}
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["ar_en"]


def test_a_model_that_nobody_allowed_is_refused_and_its_hash_is_said(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match=r"[0-9a-f]{64}  translate-ar_en.argosmodel"):
        install(file, tmp_path / "models", {})
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("why", REFUSED)
def test_what_no_model_needs_is_refused(why: str, file: Path, tmp_path: Path) -> None:
    take(file, tmp_path)
    bad = repacked(file, tmp_path, REFUSED[why])
    with pytest.raises(ModelRefused):
        take(bad, tmp_path)
    assert installed(tmp_path / "models").keys() == {("ar", "en")}, "the older one stays"
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["ar_en"], "nothing is left of the try"
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("part", ["metadata.json", "model.bin", "sentencepiece.model"])
def test_a_model_without_a_part_is_refused(part: str, file: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelRefused):
        take(repacked(file, tmp_path, lambda _: None, without=part), tmp_path)


def test_a_file_that_is_no_archive_is_refused_and_does_not_keep_others_out(file: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.argosmodel").write_bytes(b"PK")
    (tmp_path / file.name).write_bytes(file.read_bytes())
    for path in tmp_path.glob("*.argosmodel"):
        allow(path, tmp_path / "list")
    results = dict(install_all(tmp_path, tmp_path / "models", tmp_path / "list"))
    assert isinstance(results[tmp_path / "broken.argosmodel"], ModelRefused)
    assert results[tmp_path / file.name] == Model("ar", "en", "1.0")


def test_a_model_with_a_password_is_refused(file: Path, tmp_path: Path) -> None:
    """The first bit of a member's flags says that it is encrypted (APPNOTE 4.4.4), in the directory and before it."""
    locked = bytearray(file.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = locked.find(signature)
        while start >= 0:
            locked[start + flags] |= 1
            start = locked.find(signature, start + 4)
    (tmp_path / file.name).write_bytes(locked)
    with pytest.raises(ModelRefused, match="cannot be unpacked"):
        take(tmp_path / file.name, tmp_path)


def test_a_list_that_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("# checked by hand\n\nnonsense\n", encoding="utf-8")
    with pytest.raises(ModelRefused, match=":3:"):
        allowed(tmp_path / "list")


def test_the_command_says_what_it_did(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REHBER_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("bot.__main__.configure_logs", lambda _: None)
    assert command(["translation-models", str(packages)]) == 1
    refused = capsys.readouterr().out
    assert refused.count("refused: ") == 4
    lists = tmp_path / "translation" / "allowed.sha256"
    lists.write_text("\n".join(line for line in refused.splitlines() if "  translate-" in line), encoding="utf-8")
    assert command(["translation-models", str(packages)]) == 0
    assert "installed: translate-ar_en.argosmodel (ar to en, version 1.0)" in capsys.readouterr().out
    assert command(["translation-models", str(tmp_path / "empty")]) == 1
