import socket

import pytest

from labkit.docker_cli.endpoint import Endpoint, Tls
from labkit.docker_cli.errors import CliError, NoEngineError


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
    assert Endpoint("box").host == "tcp://box:2375"


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("tcp://x:y", 'parse "tcp://x:y": invalid port ":y" after host'),
        ("tcp://[::1", "missing ']' in host"),
        ("tcp://x:999999", "address 999999: invalid port"),
    ],
)
def test_refuses_addresses_that_lead_nowhere(host, problem):
    with pytest.raises(CliError) as caught:
        Endpoint(host)
    assert problem in str(caught.value)


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
