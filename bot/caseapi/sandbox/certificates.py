"""The sandbox's own certificate authority, made anew at each start, and certificates that can be told to be too old.

The folder gets `ca.pem` (for `REHBER_CASE_API_CA`), and `client.pem` with `client-key.pem`, with which an office can
show who it is (`REHBER_CASE_API_CERTIFICATE`, `REHBER_CASE_API_KEY`) where `--client-ca` names that same `ca.pem`.
"""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME: Final = timedelta(days=30)


class Authority:
    """Signs certificates and writes them to `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._key = generate_private_key(SECP256R1())
        self._name = _name("Rehber sandbox authority")
        now = datetime.now(UTC)
        signs_certificates = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        own = (
            self._draft(self._name, self._key, now - timedelta(days=2 * LIFETIME.days), now + LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(signs_certificates, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        (folder / "ca.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def issue(self, name: str, hosts: tuple[str, ...], *, expired: bool = False) -> None:
        """Write `<name>.pem` and `<name>-key.pem`: of a server for `hosts`, or of a client when there are none."""
        key = generate_private_key(SECP256R1())
        end = datetime.now(UTC) + (-timedelta(days=1) if expired else LIFETIME)
        usage = ExtendedKeyUsageOID.SERVER_AUTH if hosts else ExtendedKeyUsageOID.CLIENT_AUTH
        draft = (
            self._draft(_name(f"Rehber sandbox {name}"), key, end - LIFETIME - timedelta(days=1), end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        )
        if hosts:
            draft = draft.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        certificate = draft.sign(self._key, hashes.SHA256())
        (self.folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        private = self.folder / f"{name}-key.pem"
        private.touch(mode=0o600)
        private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def _draft(
        self, subject: x509.Name, key: EllipticCurvePrivateKey, begin: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(issuer, critical=False)
        )


class Presented:
    """What the server shows to whoever connects. `context` is live: a change counts for the next handshake."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", client_ca: Path | None = None) -> None:
        authority = Authority(folder)
        hosts = tuple(dict.fromkeys((host, "localhost", "127.0.0.1", "::1")))
        authority.issue("server", hosts)
        authority.issue("expired", hosts, expired=True)
        authority.issue("client", ())
        self._folder = folder
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if client_ca is not None:
            self.context.verify_mode = ssl.CERT_REQUIRED
            self.context.load_verify_locations(client_ca)
        self.expire(False)

    def expire(self, expired: bool) -> None:
        """Show the expired certificate, or the good one again."""
        name = "expired" if expired else "server"
        self.context.load_cert_chain(self._folder / f"{name}.pem", self._folder / f"{name}-key.pem")


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
