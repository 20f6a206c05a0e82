"""The device rules of every container."""

from labkit.cgroups.devices import ALLOW_ALL, DEFAULT_DEVICE_RULES, DENY_ALL
from labkit.spec.runtime import DeviceRule


def test_everything_is_denied_first() -> None:
    assert DEFAULT_DEVICE_RULES[0] == DENY_ALL
    assert all(rule.allow for rule in DEFAULT_DEVICE_RULES[1:])


def test_null_is_open_and_disks_are_not() -> None:
    assert DeviceRule(True, "c", 1, 3) in DEFAULT_DEVICE_RULES
    opened = [r for r in DEFAULT_DEVICE_RULES if r.type == "b" and r.access != "m"]
    assert opened == []


def test_privileged_gets_all() -> None:
    assert (DeviceRule(True),) == ALLOW_ALL
