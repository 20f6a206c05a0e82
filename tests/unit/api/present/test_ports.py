"""Ports in their three shapes."""

from labkit.api.present.ports import binding_map, settings_map, summary_rows
from labkit.network.model import PortBinding

PUBLISHED = (
    PortBinding(80, "tcp", "0.0.0.0", 8080),
    PortBinding(80, "tcp", "::", 8080),
)


def test_asked_for() -> None:
    wanted = (PortBinding(80), PortBinding(53, "udp", "127.0.0.1", 1, 5))
    assert binding_map(wanted) == {
        "80/tcp": [{"HostIp": "", "HostPort": ""}],
        "53/udp": [{"HostIp": "127.0.0.1", "HostPort": "1-5"}],
    }


def test_as_it_is_with_what_is_only_exposed() -> None:
    body = settings_map(("80/tcp", "443/tcp"), PUBLISHED)
    assert body["443/tcp"] is None
    assert [place["HostIp"] for place in body["80/tcp"]] == ["0.0.0.0", "::"]


def test_rows_of_the_list() -> None:
    rows = summary_rows(("80/tcp", "53/udp"), PUBLISHED)
    assert [row.get("PublicPort") for row in rows] == [8080, 8080, None]
    assert rows[-1] == {"PrivatePort": 53, "Type": "udp"}
