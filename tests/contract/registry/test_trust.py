"""Whose certificates are believed: over real TLS, on loopback."""

import shutil
import ssl
import urllib.request
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.images.registry.model import Endpoint
from labkit.images.registry.trust import tls_context
from tests.contract.fakes.registry import FakeRegistry
from tests.contract.registry.authority import Authority


def greet(registry: FakeRegistry, folder: Path, verified: bool = True) -> int:
    endpoint = Endpoint("https", registry.host, is_verified=verified)
    context = tls_context(endpoint, [folder, folder / "absent"])
    with urllib.request.urlopen(f"{endpoint.url}/v2/", context=context) as answer:
        return int(answer.status)


def test_believes_the_authority_in_its_folder(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with FakeRegistry(tls=authority.server_context()) as registry:
        with pytest.raises(OSError, match="certificate verify failed"):
            greet(registry, tmp_path)
        assert greet(registry, tmp_path, verified=False) == 200
        folder = tmp_path / registry.host
        folder.mkdir()
        shutil.copy(authority.certificate, folder / "ca.crt")
        assert greet(registry, tmp_path) == 200


def test_shows_a_certificate_of_ours(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with FakeRegistry(tls=authority.server_context(ask=True)) as registry:
        folder = tmp_path / registry.host
        folder.mkdir()
        shutil.copy(authority.certificate, folder / "ca.crt")
        with pytest.raises((ssl.SSLError, OSError)):
            greet(registry, tmp_path)
        for path in authority.issue("client"):
            shutil.copy(path, folder)
        assert greet(registry, tmp_path) == 200


def test_says_what_is_wrong_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "lab:5000"
    folder.mkdir()
    endpoint = Endpoint("https", "lab:5000")
    for name, words in (
        ("ca.crt", "cannot use .*ca.crt"),
        ("client.cert", "missing key client.key for client certificate client.cert"),
        ("client.key", "missing client certificate client.cert for key client.key"),
    ):
        (folder / name).write_text("nonsense")
        with pytest.raises(InvalidInputError, match=words):
            tls_context(endpoint, [tmp_path])
        (folder / name).unlink()
