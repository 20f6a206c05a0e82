"""Log options: what is refused when, and what the shim is told."""

import pytest

from labkit.base.errors import InternalError, InvalidInputError
from labkit.engine.log_options import check_log_config, log_options
from labkit.engine.model import ContainerConfig, HostConfig, LogConfig
from labkit.runtime.model import LogOptions
from tests.unit.engine.build import ID, container

CONFIG = ContainerConfig(
    image="busybox", labels={"team": "a", "tier": "b"}, env=("ZONE=1", "ZOO=2", "X")
)


def told(driver: str = "json-file", **options: str) -> LogOptions:
    named = {name.replace("_", "-"): value for name, value in options.items()}
    host = HostConfig(log_config=LogConfig(driver, named))
    return log_options(container(CONFIG, host), "/x.log")


@pytest.mark.parametrize(
    ("log", "text"),
    [
        (
            LogConfig("syslog"),
            'error looking up logging plugin syslog: plugin "syslog" not found',
        ),
        (
            LogConfig("json-file", {"foo": "1"}),
            "unknown log opt 'foo' for json-file log driver",
        ),
        (
            LogConfig("local", {"labels": "a"}),
            "unknown log opt 'labels' for log driver local",
        ),
        (
            LogConfig("local", {"mode": "foo"}),
            "logger: logging mode not supported: foo",
        ),
        (
            LogConfig("json-file", {"max-buffer-size": "1m"}),
            "logger: max-buffer-size option is only supported with 'mode=non-blocking'",
        ),
    ],
)
def test_refuses_what_is_unknown(log: LogConfig, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_log_config(log)
    assert caught.value.message == text


def test_takes_what_it_knows() -> None:
    options = {"mode": "non-blocking", "max-buffer-size": "1m", "tag": "x"}
    check_log_config(LogConfig("json-file", options))
    check_log_config(LogConfig("none", {"whatever": "x"}))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"max_size": "foo"}, "invalid size: 'foo'"),
        ({"max_size": "0"}, "max-size must be a positive number"),
        ({"max_file": "0"}, "max-file cannot be less than 1"),
        ({"max_file": "x"}, 'strconv.Atoi: parsing "x": invalid syntax'),
        ({"compress": "x"}, 'strconv.ParseBool: parsing "x": invalid syntax'),
        ({"compress": "true", "max_file": "3"}, "compress cannot be true when"),
        ({"env_regex": "("}, "error parsing regexp: "),
        ({"tag": "{{.Nope}}"}, "has no field 'Nope'"),
    ],
)
def test_refuses_values_at_the_start(options: dict[str, str], text: str) -> None:
    with pytest.raises(InternalError) as caught:
        told(**options)
    assert caught.value.message.startswith("failed to initialize logging driver: ")
    assert text in caught.value.message


def test_the_local_driver_says_which_value_is_wrong() -> None:
    with pytest.raises(InternalError, match="invalid value for max-size: x: invalid "):
        told("local", max_size="x")


def test_tells_the_shim() -> None:
    assert told() == LogOptions("/x.log")
    assert told("none") == LogOptions()
    assert told(max_size="1k", max_file="3") == LogOptions("/x.log", 1000, 3)
    assert told("local") == LogOptions("/x.log", 20_000_000, 5, compress=True)
    assert not told("local", compress="false", max_file="1").compress
    with pytest.raises(InternalError, match="cannot be enabled when max file count is"):
        told("local", max_file="1")
    with pytest.raises(InternalError, match="invalid boolean value for compress: "):
        told("local", compress="x")
    assert told("json-file", compress="1", max_size="9k", max_file="2").compress
    assert told("local", max_file="2").max_files == 2


def test_chooses_what_stands_beside_each_line() -> None:
    assert told(labels="team", env="ZONE,X").attributes == {"team": "a", "ZONE": "1"}
    assert told(labels_regex="^t", env_regex="O$").attributes == {
        **{"team": "a", "tier": "b"},
        "ZOO": "2",
    }


def test_fills_in_a_tag() -> None:
    tag = told(tag="{{.Name}}/{{ .ID }}@{{.ImageName}}").attributes["tag"]
    assert tag == f"web/{ID[:12]}@busybox"
