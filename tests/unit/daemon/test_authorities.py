import os
import ssl

import pytest

from labkit.daemon.authorities import no_authorities


@pytest.mark.parametrize("before", [None, "/somewhere"])
def test_finds_none_and_puts_back_what_was(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    if before:
        monkeypatch.setenv("SSL_CERT_FILE", before)
    with no_authorities():
        assert ssl.create_default_context().cert_store_stats()["x509_ca"] == 0
    assert os.environ.get("SSL_CERT_FILE") == before
