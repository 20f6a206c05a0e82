"""What is opened beside the socket, and what is not."""

import contextlib
import socket
from pathlib import Path

import pytest

from labkit.base.errors import ForbiddenError, InternalError, InvalidInputError
from labkit.daemon.config import parse_arguments
from labkit.daemon.doors import (
    NO_DOORS,
    Address,
    Doors,
    TlsFiles,
    bind,
    bind_doors,
    parse_address,
    tls_context,
)
from tests.certificates import make_authority, make_certificate

_TLS = ["--tlsverify", "--tlscacert", "ca", "--tlscert", "cert", "--tlskey", "key"]


def _doors(*options: str) -> Doors:
    return parse_arguments(options, {}).doors


def test_nothing_is_open_unless_asked_for() -> None:
    assert _doors() == NO_DOORS


def test_takes_dockerds_own_options() -> None:
    files = TlsFiles(Path("ca"), Path("cert"), Path("key"))
    for option in ("-H", "--host", "--tcp"):
        found = _doors(option, "tcp://0.0.0.0:1234", *_TLS)
        assert found == Doors(Address("0.0.0.0", 1234), files)
    assert _doors("--metrics-addr", ":1").metrics == Address("127.0.0.1", 1)


@pytest.mark.parametrize("missing", range(0, 4))
def test_tcp_wants_all_of_tls(missing: int) -> None:
    options = ([], ["--tlsverify"], _TLS[:3], _TLS[1:])[missing]
    with pytest.raises(ForbiddenError, match=r"tcp://1\.2\.3\.4:2376 without"):
        _doors("-H", "tcp://1.2.3.4", *options)


def test_tls_wants_an_address() -> None:
    with pytest.raises(InvalidInputError, match="need an address"):
        _doors(*_TLS)


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("tcp://a.b:1", "a.b", 1),
        ("a", "a", 7),
        ("tcp://", "127.0.0.1", 7),
        ("[::1]:3", "::1", 3),
    ],
)
def test_reads_an_address(text: str, host: str, port: int) -> None:
    assert parse_address(text, 7) == Address(host, port)


@pytest.mark.parametrize("text", ["unix:///x", "a:b", "a:1:2", "a:99999", "http://a"])
def test_refuses_what_is_none(text: str) -> None:
    with pytest.raises(InvalidInputError, match="it has the form tcp://HOST:PORT"):
        parse_address(text, 1)


def test_an_address_is_shown_as_it_is_written() -> None:
    assert str(Address("::1", 2)) == "[::1]:2"


def test_says_when_an_address_cannot_be_had() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = Address("127.0.0.1", other.getsockname()[1])
        with pytest.raises(InternalError, match=f"tcp://{taken}: .*already in use"):
            bind(taken)
    with pytest.raises(InternalError) as caught:
        bind(Address("192.0.2.1", 1))
    assert caught.value.message == (
        "cannot listen on tcp://192.0.2.1:1: cannot assign requested address"
    )


def test_gives_addresses_back(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    files = TlsFiles(authority.file, *make_certificate(authority, "engine"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        free = Address("127.0.0.1", other.getsockname()[1])
    with contextlib.ExitStack() as stack:
        assert bind_doors(Doors(free, files), stack).tcp is not None
    bind(free).close()


def test_says_which_file_is_wrong(tmp_path: Path) -> None:
    authority = make_authority(tmp_path)
    certificate, key = make_certificate(authority, "engine")
    tls_context(TlsFiles(authority.file, certificate, key))
    with pytest.raises(InvalidInputError, match="cannot read the authority"):
        tls_context(TlsFiles(tmp_path / "none", certificate, key))
    with pytest.raises(InvalidInputError, match="cannot read certificate"):
        tls_context(TlsFiles(authority.file, certificate, authority.file))
