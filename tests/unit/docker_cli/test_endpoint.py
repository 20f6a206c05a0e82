import socket

import pytest

from labkit.docker_cli.endpoint import Endpoint, Tls, parse_host
from labkit.docker_cli.errors import CliError, NoEngineError, UnreachableError


def test_says_where_nobody_listens(tmp_path):
    host = f"unix://{tmp_path}/none.sock"
    with pytest.raises(NoEngineError) as caught:
        Endpoint(host).connect()
    assert str(caught.value) == (
        f"Cannot connect to the Docker daemon at {host}. Is the docker daemon running?"
    )
    with pytest.raises(NoEngineError, match=r"tcp://127.0.0.1:1"):
        Endpoint("tcp://127.0.0.1:1").connect()


def test_refuses_what_is_no_address_or_not_ours():
    with pytest.raises(CliError, match="unix:// and tcp:// only"):
        Endpoint("ssh://host")
    for text in ("box", "fd://"):
        with pytest.raises(CliError, match=f"unable to parse docker host `{text}`"):
            Endpoint(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "unix:///var/run/docker.sock"),
        ("unix://", "unix:///var/run/docker.sock"),
        (" unix:///x ", "unix:///x"),
        ("tcp://", "tcp://localhost:2375"),
        ("box", "tcp://box:2375"),
        (":1", "tcp://localhost:1"),
        ("::1", "tcp://[::1]:2375"),
        ("tcp://[::1]:1/path", "tcp://[::1]:1/path"),
        ("ssh://box", "ssh://box"),
    ],
)
def test_an_address_may_be_typed_in_short(typed, meant):
    assert parse_host(typed) == meant


def test_with_tls_the_port_is_another():
    assert parse_host("", with_tls=True) == "tcp://localhost:2376"


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("tcp://x:y", 'parse "tcp://x:y": invalid port ":y" after host'),
        ("tcp://[::1", "missing ']' in host"),
        ("tcp://[::1]", "invalid bind address format: [::1]"),
        ("http://x:1", "invalid bind address format: http://x:1"),
        ("unix://a://b", "invalid proto, expected unix: a://b"),
    ],
)
def test_refuses_addresses_that_lead_nowhere(host, problem):
    with pytest.raises(CliError) as caught:
        parse_host(host)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("tcp://x:999999", "dial tcp: address 999999: invalid port"),
        ("tcp://odd.invalid:1", "dial tcp: lookup odd.invalid: no such host"),
    ],
)
def test_a_way_that_leads_nowhere_is_told_with_its_request(host, reason):
    with pytest.raises(UnreachableError) as caught:
        Endpoint(host).connect()
    address = host.removeprefix("tcp://")
    assert str(caught.value.at("GET", "/info")) == (
        f'error during connect: Get "http://{address}/info": {reason}'
    )


def test_tls_is_what_it_is_told(tmp_path):
    tls = Tls("ca.pem", "", "", verify=False)
    assert (tls.ca, tls.verify) == ("ca.pem", False)
    assert Endpoint("tcp://x:1", tls).tls is tls


def test_says_why_there_is_no_tls(tmp_path):
    (tmp_path / "ca.pem").write_text("no certificate")
    tls = Tls(str(tmp_path / "ca.pem"), "", "", verify=True)
    with socket.create_server(("127.0.0.1", 0)) as door:
        host = f"tcp://127.0.0.1:{door.getsockname()[1]}"
        with pytest.raises(NoEngineError, match=f"^error during connect: {host}: "):
            Endpoint(host, tls).connect()
