"""Whose certificates we believe, and which of ours we show.

Beside the system's store, a folder for each registry as Docker has it:

    certs.d/registry.example:5000/ca.crt        an authority to believe
    certs.d/registry.example:5000/client.cert   a certificate of ours, with
    certs.d/registry.example:5000/client.key    its key
"""

import ssl
from collections.abc import Iterable
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.images.registry.model import Endpoint

_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")


def tls_context(endpoint: Endpoint, folders: Iterable[Path]) -> ssl.SSLContext:
    """Make what a TLS connection to a registry is opened with.

    Raises:
        InvalidInputError: a file in its folder is no certificate or lacks its key.
    """
    context = ssl.create_default_context()
    if not context.get_ca_certs():
        _load_system(context)
    for folder in folders:
        own = folder / endpoint.host
        if own.is_dir():
            _load_folder(context, own)
    if not endpoint.is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _load_system(context: ssl.SSLContext) -> None:
    """Load the system's bundle: not every Python knows where its system keeps it."""
    for bundle in _BUNDLES:
        if Path(bundle).exists():
            context.load_verify_locations(bundle)
            return


def _load_folder(context: ssl.SSLContext, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        try:
            if path.suffix == ".crt":
                context.load_verify_locations(path)
            elif path.suffix == ".cert":
                context.load_cert_chain(path, _key_of(path))
            elif path.suffix == ".key" and not path.with_suffix(".cert").exists():
                raise InvalidInputError(
                    f"missing client certificate {path.stem}.cert for key {path.name}"
                )
        except (ssl.SSLError, OSError) as error:
            raise InvalidInputError(
                f"cannot use {str(path)!r} for registry {folder.name}: {error}"
            ) from error


def _key_of(certificate: Path) -> Path:
    key = certificate.with_suffix(".key")
    if not key.exists():
        raise InvalidInputError(
            f"missing key {key.name} for client certificate {certificate.name}. "
            "CA certificates must use the extension .crt."
        )
    return key
