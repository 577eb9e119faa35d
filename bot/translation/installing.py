"""Puts models where the translator finds them: `python -m bot translation-models FOLDER`.

A model is a program's food and comes from elsewhere, so it is taken only when its SHA-256 stands in the list of allowed
ones, and unpacked only when nothing in it reaches outside its folder, links anywhere or grows without measure
(OWASP, "Zip Slip" and "Zip Bomb"). Argos' own installer unpacks whatever it is given; it is not used.
"""

import json
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from typing import Final

from bot.errors import TranslationError

ENDING: Final = ".argosmodel"
ALLOWED: Final = "allowed.sha256"
"""The list, in the format of `sha256sum`: a hash, two spaces, a file name."""

MOST_FILES: Final = 500
MOST_BYTES: Final = 2_000_000_000
MOST_RATIO: Final = 20
"""How much larger a file may be than its packed form. Weights hardly shrink; word lists shrink four or five times."""
MOST_METADATA: Final = 100_000
_CODE: Final = re.compile(r"[a-z]{2,3}\Z")
_LINE: Final = re.compile(r"([0-9a-f]{64}) [ *](.+)\Z")


class ModelRefused(TranslationError):  # noqa: N818 - the names of this tree say what is the case
    """The file is not allowed, or not a model that may be unpacked."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a model's own description says of it."""

    source: str
    target: str
    version: str

    @property
    def folder(self) -> str:
        return f"{self.source}_{self.target}"


def allowed(path: Path) -> Mapping[str, str]:
    """File names by hash. Empty where there is no list. Raises ModelRefused for a line that is neither."""
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        read = _LINE.match(line)
        if read is None:
            raise ModelRefused(f"{path}:{number}: not a hash, two spaces and a file name, as `sha256sum` writes them.")
        found[read[1]] = read[2]
    return found


def models_in(folder: Path) -> list[Path]:
    """The files of a folder that are models by their name."""
    return sorted(folder.glob(f"*{ENDING}"))


def install(file: Path, into: Path, allowed_hashes: Mapping[str, str]) -> Model:
    """Unpack one model below `into`, in the place of an older one. Raises ModelRefused; then nothing has changed."""
    with file.open("rb") as opened:
        digest = file_digest(opened, "sha256").hexdigest()
    if digest not in allowed_hashes:
        raise ModelRefused(
            f"{file.name} is not on the list of allowed models. Compare its SHA-256 with the one that its publisher"
            f" names, on another way than the file came. If they agree, add this line to {ALLOWED}:\n"
            f"{digest}  {file.name}"
        )
    into.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(file) as packed, tempfile.TemporaryDirectory(dir=into, prefix=".new-") as fresh:
            root = _checked(packed)
            packed.extractall(fresh)
            model = described(Path(fresh) / root)
            place = into / model.folder
            shutil.rmtree(place, ignore_errors=True)
            (Path(fresh) / root).rename(place)
    # zipfile has no error of its own for a member with a password or a packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError) as error:
        raise ModelRefused(f"{file.name} cannot be unpacked ({type(error).__name__}). Fetch it again.") from error
    return model


def described(folder: Path) -> Model:
    """What `metadata.json` says. Raises ModelRefused when that is no model of translation with all its parts."""
    try:
        said = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
        model = Model(str(said["from_code"]), str(said["to_code"]), str(said.get("package_version", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelRefused("The package has no readable metadata.json with from_code and to_code.") from error
    if not (_CODE.match(model.source) and _CODE.match(model.target)):
        raise ModelRefused("from_code and to_code are not codes of languages.")
    if not (folder / "model" / "model.bin").is_file():
        raise ModelRefused("The package has no model/model.bin.")
    if not any((folder / name).is_file() for name in ("sentencepiece.model", "bpe.model")):
        raise ModelRefused("The package has neither sentencepiece.model nor bpe.model.")
    return model


def _checked(packed: zipfile.ZipFile) -> str:
    """The one folder that everything lies in. Raises ModelRefused for whatever a model does not need."""
    members = packed.infolist()
    if not members or len(members) > MOST_FILES:
        raise ModelRefused(f"The package holds {len(members)} files; a model has between 1 and {MOST_FILES}.")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise ModelRefused(f"Unpacked, the package is larger than {MOST_BYTES} bytes.")
    for reason in filter(None, map(_refusal, members)):
        raise ModelRefused(f"The package holds {reason}.")
    roots = {PurePosixPath(member.filename).parts[0] for member in members}
    if len(roots) != 1:
        raise ModelRefused("The package has not all its files in one folder.")
    return roots.pop()


def _refusal(member: zipfile.ZipInfo) -> str:
    """What is wrong with a member, or nothing. The name is not repeated: it may hold anything."""
    path = PurePosixPath(member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in member.filename or ":" in member.filename:
        return "a name that leads outside its folder"
    if any(ord(sign) < 32 for sign in member.filename):
        return "a name with control characters"
    if kind and not (stat.S_ISREG(member.external_attr >> 16) or stat.S_ISDIR(member.external_attr >> 16)):
        return "a link or a device"
    if member.file_size > MOST_RATIO * max(member.compress_size, 1_000):
        return "a file that grows too much when it is unpacked"
    return ""


def install_all(folder: Path, into: Path, lists: Path) -> Iterator[tuple[Path, Model | ModelRefused]]:
    """Try each model of a folder; one that is refused does not keep the others out."""
    known = allowed(lists)
    for file in models_in(folder):
        try:
            yield file, install(file, into, known)
        except ModelRefused as refused:
            yield file, refused
