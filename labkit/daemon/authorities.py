"""aiohttp, imported without what only its client needs.

It reads every certificate authority of the machine as soon as it is imported, a tenth
of a second where SSL_CERT_FILE or OpenSSL's own settings name a bundle of all. The
daemon uses aiohttp's server alone; registries are asked by contexts of their own.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_FILE = "SSL_CERT_FILE"


@contextmanager
def no_authorities() -> Iterator[None]:
    """Let OpenSSL find none meanwhile (SSL_CTX_load_verify_locations(3))."""
    before = os.environ.get(_FILE)
    os.environ[_FILE] = os.devnull
    try:
        yield
    finally:
        if before is None:
            del os.environ[_FILE]
        else:
            os.environ[_FILE] = before
