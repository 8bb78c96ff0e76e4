"""An authority of the drill's own, and one certificate for the database and one for the site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def write(folder: Path, *, database: str, site: str) -> None:
    """``db-ca.crt`` (the authority), ``db.crt``/``.key``, ``web.crt``/``.key``."""
    authority, own = ec.generate_private_key(ec.SECP256R1()), _name("Hutong drill authority")
    made = _unsigned(own, own, authority.public_key()).add_extension(x509.BasicConstraints(True, 0), True)
    (folder / "db-ca.crt").write_bytes(_pem(made.sign(authority, hashes.SHA256())))
    for file, host in (("db", database), ("web", site)):
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        made = _unsigned(_name(host), own, key.public_key()).add_extension(names, False)
        (folder / f"{file}.crt").write_bytes(_pem(made.sign(authority, hashes.SHA256())))
        (folder / f"{file}.key").touch(mode=0o600)
        (folder / f"{file}.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer, subject, key, x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=2)
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
