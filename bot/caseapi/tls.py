"""Whom Rehber trusts as the case system, and the certificate with which this office shows who it is (RFC 8705)."""

import ssl
from pathlib import Path

from bot.errors import SettingsError


def office_tls(certificate: str, key: str, ca: str) -> ssl.SSLContext | None:
    """A context of these PEM files; None when none is named, which trusts the public authorities.

    An empty `key` means that it stands in the certificate's file. A key with a password is refused: nobody is there to
    type it. Raises SettingsError that names the variable and what to do.
    """
    if key and not certificate:
        raise SettingsError("REHBER_CASE_API_KEY is set, but REHBER_CASE_API_CERTIFICATE is not: set both, or none.")
    if not (certificate or ca):
        return None
    context = ssl.create_default_context()
    if ca:
        context = _trusting(ca)
    if certificate:
        _show(context, certificate, key)
    return context


def _trusting(ca: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError:
        raise SettingsError(
            f"REHBER_CASE_API_CA: {_problem(ca)} Give the path of a PEM file with the certificate of the authority "
            "that signs the case system's certificate, or leave it empty."
        ) from None


def _show(context: ssl.SSLContext, certificate: str, key: str) -> None:
    try:
        context.load_cert_chain(certificate, key or None, password="")
    except OSError:
        wrong = key if key and not _readable(key) else certificate
        raise SettingsError(
            f"REHBER_CASE_API_CERTIFICATE or REHBER_CASE_API_KEY: {_problem(wrong)} Give the paths of two PEM files "
            "that belong together: the certificate with its chain, and its private key without a password."
        ) from None


def _problem(path: str) -> str:
    return f"{path} holds nothing that can be used." if _readable(path) else f"{path} cannot be read."


def _readable(path: str) -> bool:
    try:
        return bool(Path(path).read_bytes())
    except OSError:
        return False
