import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.image.names import (
    is_name_only,
    parse_name,
    repository_and_tag,
    with_default_tag,
)


def test_adds_latest_only_where_nothing_is_said():
    assert is_name_only(parse_name("nginx"))
    assert with_default_tag(parse_name("nginx")).familiar == "nginx:latest"
    assert with_default_tag(parse_name("nginx:1")).familiar == "nginx:1"
    assert repository_and_tag("localhost:5000/a") == ("localhost:5000/a", "latest")


def test_refuses_what_is_no_name():
    with pytest.raises(CliError, match="must be lowercase"):
        parse_name("UPPER")
