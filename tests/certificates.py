"""A small certificate authority, for tests that speak TLS."""

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs certificates; its files lie in a folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"


def make_authority(folder: Path) -> Authority:
    """Make an authority; ``ca.pem`` is for whoever is to trust it."""
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"ca {folder.name}")])
    basic = x509.BasicConstraints(ca=True, path_length=None)
    certificate = _begin(name, name, key).add_extension(basic, critical=True)
    authority = Authority(folder, key, certificate.sign(key, hashes.SHA256()))
    authority.file.write_bytes(_pem(authority.certificate))
    return authority


def make_certificate(authority: Authority, name: str) -> tuple[Path, Path]:
    """Sign a certificate for 127.0.0.1; return its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    where = x509.SubjectAlternativeName(
        [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    )
    unsigned = _begin(subject, authority.certificate.subject, key)
    signed = unsigned.add_extension(where, critical=False).sign(
        authority.key, hashes.SHA256()
    )
    files = authority.folder / f"{name}-cert.pem", authority.folder / f"{name}-key.pem"
    files[0].write_bytes(_pem(signed))
    files[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return files


def _begin(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
