"""Seals what people write before it reaches the database, so that a dump or a backup shows no word of it.

Owns the installation's key and nothing else. The key never stands in the database: it comes from `REHBER_SECRET_KEY` or
from a file in the data folder that only this user may read. Losing it makes stored messages unreadable for ever.
"""

import hashlib
import hmac
import json
import os
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bot.errors import SettingsError


class Seal:
    """Encrypts JSON values (Fernet: https://github.com/fernet/spec) and makes keyed hashes."""

    def __init__(self, secret: bytes) -> None:
        self._fernet = Fernet(urlsafe_b64encode(hashlib.sha256(b"seal" + secret).digest()))
        self._hash_key = hashlib.sha256(b"hash" + secret).digest()

    def close(self, value: Any) -> bytes:
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        return json.loads(self._fernet.decrypt(sealed))

    def fingerprint(self, *parts: str) -> bytes:
        """A keyed hash that names something (an address, an identity number) without saying it."""
        return hmac.digest(self._hash_key, "\0".join(parts).encode(), "sha256")


def load_secret(configured: str, data_dir: Path) -> bytes:
    """The installation's secret: the configured one, or the one kept in the data folder, made at first use."""
    if configured:
        if len(configured) < 32:
            raise SettingsError("REHBER_SECRET_KEY is too short: use at least 32 random characters.")
        return configured.encode()
    path = data_dir / "secret.key"
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(urlsafe_b64encode(os.urandom(32)))
    return path.read_bytes()
