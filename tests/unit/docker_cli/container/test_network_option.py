import pytest

from labkit.docker_cli.container.network_option import (
    is_user_defined,
    parse_network,
)


def test_reads_a_name_or_what_is_said_of_an_attachment():
    assert parse_network("mynet") == {"Target": "mynet"}
    assert parse_network("name=n,alias=a,alias=b,ip=10.0.0.2,driver-opt=x=y") == {
        "Target": "n",
        "Aliases": ["a", "b"],
        "IPv4Address": "10.0.0.2",
        "DriverOpts": {"x": "y"},
    }
    assert parse_network("name=n,gw-priority=-5")["GwPriority"] == -5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alias=a", "network name/id is not specified"),
        ("name=n,odd=1", "invalid field key odd"),
        ("name=n,x", "invalid field x"),
        ("name=n,driver-opt=x", "invalid key value pair format in driver options"),
        ("name=n,gw-priority=x", "invalid gw-priority"),
    ],
)
def test_refuses_in_docker_clis_words(text, said):
    with pytest.raises(ValueError, match=said):
        parse_network(text)


def test_knows_the_built_in_modes():
    assert is_user_defined("mynet")
    for mode in ("default", "bridge", "host", "none", "container:x"):
        assert not is_user_defined(mode)
