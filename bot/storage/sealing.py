"""Seals what people write before it reaches the database, so that a dump or a backup shows no word of it.

Owns the installation's key and nothing else. The key never stands in the database: it comes from `REHBER_SECRET_KEY` or
from a file in the data folder that only this user may read. Losing it makes stored messages unreadable for ever.
"""

import hashlib
import hmac
import json
import os
import tempfile
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken

from bot.errors import SettingsError

SHORTEST_SECRET: Final = 32


class WrongKeyError(SettingsError):
    """What is stored was sealed with another key. Nothing is lost as long as that key is found again."""


class Seal:
    """Encrypts JSON values (Fernet: https://github.com/fernet/spec) and makes keyed hashes."""

    def __init__(self, secret: bytes) -> None:
        self._fernet = Fernet(urlsafe_b64encode(hashlib.sha256(b"seal" + secret).digest()))
        self._hash_key = hashlib.sha256(b"hash" + secret).digest()

    def close(self, value: Any) -> bytes:
        # Half a surrogate pair is not worth losing a message for; `json.loads` reads it back.
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def open(self, sealed: bytes) -> Any:
        """The value as it was. Raises WrongKeyError."""
        try:
            return json.loads(self._fernet.decrypt(sealed))
        except InvalidToken:
            raise WrongKeyError(
                "What is stored was sealed with another key: "
                "set REHBER_SECRET_KEY, or bring back secret.key in the data folder."
            ) from None

    def fingerprint(self, *parts: str) -> bytes:
        """A keyed hash that names something (an address, an identity number) without saying it."""
        return hmac.digest(self._hash_key, "\0".join(parts).encode(), "sha256")


def load_secret(configured: str, data_dir: Path) -> bytes:
    """The installation's secret: the configured one, or the one kept in the data folder, made at first use.

    Raises SettingsError for a secret that is too short to be one.
    """
    if configured:
        if len(configured) < SHORTEST_SECRET:
            raise SettingsError(f"REHBER_SECRET_KEY is too short: use at least {SHORTEST_SECRET} random characters.")
        return configured.encode()
    path = data_dir / "secret.key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _make_secret(path)
    secret = path.read_bytes()
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(f"{path} is not a key: bring back the file that was there when the messages were stored.")
    return secret


def _make_secret(path: Path) -> None:
    """Write a new secret in one step: of several processes that start at once, one makes it and all read it whole."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(urlsafe_b64encode(os.urandom(32)))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
