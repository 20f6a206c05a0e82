"""A certificate authority for tests: made anew each time, trusted by nobody else."""

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Signs certificates for localhost and an address, as files in a folder."""

    def __init__(
        self, folder: Path, name: str = "ca", address: str = "127.0.0.1"
    ) -> None:
        self._folder = folder
        self._names = (
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address(address)),
        )
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"lab {name}")])
        self.certificate = folder / f"{name}.crt"
        basics = x509.BasicConstraints(ca=True, path_length=None)
        self._write(self.certificate, self._sign(self._key, self._name, basics))

    def issue(self, name: str) -> tuple[Path, Path]:
        """Make a certificate and its key; return their files."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        basics = x509.BasicConstraints(ca=False, path_length=None)
        certificate, key_file = (
            self._folder / f"{name}{end}" for end in (".cert", ".key")
        )
        self._write(certificate, self._sign(key, subject, basics))
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return certificate, key_file

    def server_context(self, name: str = "server", ask: bool = False) -> ssl.SSLContext:
        """Return what a server needs; with ``ask`` it wants to see a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.issue(name))
        if ask:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.certificate)
        return context

    def _sign(
        self,
        key: ec.EllipticCurvePrivateKey,
        subject: x509.Name,
        basics: x509.BasicConstraints,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        day = datetime.timedelta(days=1)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - day)
            .not_valid_after(now + day)
            .add_extension(basics, critical=True)
            .add_extension(x509.SubjectAlternativeName(self._names), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    @staticmethod
    def _write(path: Path, certificate: x509.Certificate) -> None:
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
