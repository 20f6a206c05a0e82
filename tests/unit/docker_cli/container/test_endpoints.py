import pytest

from labkit.docker_cli.container.endpoints import networking
from labkit.docker_cli.errors import CliError
from tests.unit.docker_cli.container.setting import values_of


def test_one_network_is_the_mode_and_an_entry_if_something_is_said_of_it():
    assert networking(values_of("--network", "n")) == ("n", {})
    mode, endpoints = networking(
        values_of("--network", "n", "--network-alias", "db", "--ip", "10.0.0.2")
    )
    assert mode == "n"
    assert endpoints["n"]["Aliases"] == ["db"]
    assert endpoints["n"]["IPAMConfig"] == {"IPv4Address": "10.0.0.2"}


def test_several_networks_have_an_entry_each():
    mode, endpoints = networking(
        values_of("--network", "a", "--network", "name=b,alias=x")
    )
    assert mode == "a"
    assert sorted(endpoints) == ["a", "b"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["--network", "a", "--network", "a"],
            'network "a" is specified multiple times',
        ),
        (["--network", "a", "--network", "bridge"], "both user-defined and non-user"),
        (["--network-alias", "db"], "network-scoped aliases are only supported for"),
        (
            ["--network", "name=a,alias=x", "--network-alias", "y"],
            "--network-alias and",
        ),
        (["--mac-address", "x"], "x is not a valid mac address"),
        (["--network", ""], "no name set for network"),
    ],
)
def test_refuses_in_docker_clis_words(words, said):
    with pytest.raises(CliError, match=said):
        networking(values_of(*words))
