import pytest

from labkit.docker_cli.container.ports import parse_exposed, parse_published
from labkit.docker_cli.errors import CliError


def test_reads_ports_one_by_one_and_in_ranges():
    exposed, bindings = parse_published(
        ["8080:80", "127.0.0.1:53:53/udp", "9000-9001:90-91", "[::1]::443"]
    )
    assert set(exposed) == {"80/tcp", "53/udp", "90/tcp", "91/tcp", "443/tcp"}
    assert bindings["80/tcp"] == [{"HostIp": "", "HostPort": "8080"}]
    assert bindings["53/udp"] == [{"HostIp": "127.0.0.1", "HostPort": "53"}]
    assert bindings["91/tcp"] == [{"HostIp": "", "HostPort": "9001"}]
    assert bindings["443/tcp"] == [{"HostIp": "::1", "HostPort": ""}]


def test_a_range_of_the_host_may_give_any_port_to_one():
    _, bindings = parse_published(["8000-8010:80"])
    assert bindings["80/tcp"] == [{"HostIp": "", "HostPort": "8000-8010"}]
    _, bindings = parse_published(["published=81,target=80,protocol=udp"])
    assert bindings == {"80/udp": [{"HostIp": "", "HostPort": "81"}]}


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("abc", "invalid containerPort: abc"),
        ("99999:80", "invalid hostPort: 99999"),
        ("80:80/xyz", "invalid proto: xyz"),
        ("x:80:80", "invalid IP address: x"),
        ("80:", "no port specified: 80:<empty>"),
        ("1-2:1-3", "invalid ranges specified for container and host Ports"),
        ("a=b,c", "invalid publish opts format"),
    ],
)
def test_refuses_in_go_connections_words(spec, said):
    with pytest.raises(CliError, match=said):
        parse_published([spec])


def test_exposes_ranges_and_refuses_what_is_none():
    assert set(parse_exposed(["99", "5-6/udp"])) == {"99/tcp", "5/udp", "6/udp"}
    with pytest.raises(CliError, match="invalid range format for --expose: x"):
        parse_exposed(["x"])
    with pytest.raises(CliError, match="invalid port format for --expose"):
        parse_exposed(["1:2"])
