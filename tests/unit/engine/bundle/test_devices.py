"""Device nodes and rules."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.bundle.devices import DEFAULT_RULES, build_devices, parse_rule
from labkit.engine.model import (
    DeviceMapping,
    DeviceRequest,
    HostConfig,
    ResourceLimits,
)
from labkit.spec.runtime import DeviceRule


def with_devices(*mappings: DeviceMapping) -> HostConfig:
    return HostConfig(resources=ResourceLimits(devices=mappings))


def test_forbids_everything_first() -> None:
    devices, rules = build_devices(HostConfig())
    assert devices == ()
    assert rules == DEFAULT_RULES
    assert rules[0] == DeviceRule(allow=False)


def test_adds_a_device_with_its_rule() -> None:
    host = with_devices(DeviceMapping("/dev/null", "/dev/nil", "rw"))
    (device,), rules = build_devices(host)
    assert (device.path, device.type, device.major, device.minor) == (
        *("/dev/nil", "c", 1, 3),
    )
    assert rules[-1] == DeviceRule(True, "c", 1, 3, "rw")


def test_privileged_gets_all_devices_and_one_rule() -> None:
    devices, rules = build_devices(HostConfig(privileged=True))
    assert rules == (DeviceRule(allow=True),)
    paths = {device.path for device in devices}
    assert "/dev/null" in paths
    assert not any(path.startswith("/dev/pts") for path in paths)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/dev/nosuch", "no such file or directory"),
        ("x" * 5000, "no such file or directory"),
        ("/etc/passwd", "not a device"),
    ],
)
def test_refuses_what_is_no_device(path: str, why: str) -> None:
    with pytest.raises(InvalidInputError, match=f'custom device "{path}": {why}'):
        build_devices(with_devices(DeviceMapping(path, path)))


def test_reads_rules() -> None:
    assert parse_rule("c 42:* rmw") == DeviceRule(True, "c", 42, None, "rmw")
    assert parse_rule("a *:* r") == DeviceRule(True, "a", None, None, "r")


@pytest.mark.parametrize("text", ["", "c 1:3", "x 1:3 r", "c 1 r", "c 1:3 q"])
def test_refuses_malformed_rules(text: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid device cgroup rule format"):
        parse_rule(text)


def test_follows_a_link_but_none_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "null").symlink_to("/dev/null")
    link = str(tmp_path / "null")
    (device,), _ = build_devices(with_devices(DeviceMapping(link, "/dev/x")))
    assert (device.path, device.minor) == ("/dev/x", 3)
    with pytest.raises(InvalidInputError, match=f'"{tmp_path}": not a device node'):
        build_devices(with_devices(DeviceMapping(str(tmp_path), "/dev/x")))


def test_finds_the_nodes_below_a_folder() -> None:
    devices, _ = build_devices(with_devices(DeviceMapping("/dev", "/x")))
    paths = {device.path for device in devices}
    assert "/x/null" in paths
    assert "/x/stdin" not in paths  # a link


@pytest.mark.slow
def test_does_not_look_through_a_whole_machine(tmp_path: Path) -> None:
    for number in range(10_001):
        (tmp_path / str(number)).symlink_to("null")
    with pytest.raises(
        InvalidInputError, match="more than 10000 files to look through"
    ):
        build_devices(with_devices(DeviceMapping(str(tmp_path), "/dev/x")))


def test_no_vendors_driver_is_installed() -> None:
    wish = DeviceRequest(count=-1, capabilities=(("gpu",),))
    host = HostConfig(resources=ResourceLimits(device_requests=(wish,)))
    with pytest.raises(InvalidInputError) as caught:
        build_devices(host)
    assert caught.value.message == (
        'could not select device driver "" with capabilities: [[gpu]]'
    )
