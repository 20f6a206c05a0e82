"""The devices part of cgroup v1, on a made-up group."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.cgroups.v1 import devices
from labkit.spec.runtime import DeviceRule, Resources
from tests.unit.cgroups.folders import v1_folder


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        (DeviceRule(True, "c", 1, 3), ("c 1:3 rwm",)),
        (DeviceRule(True, "c", 136, access="rw"), ("c 136:* rw",)),
        (DeviceRule(True, "b", access="m"), ("b *:* m",)),
        (DeviceRule(False), ("a",)),
        (DeviceRule(False, "a", -1, -1), ("a",)),
        (DeviceRule(True, "a", access="m"), ("b *:* m", "c *:* m")),
        (DeviceRule(True, None, 8, 0), ("b 8:0 rwm", "c 8:0 rwm")),
    ],
)
def test_spells_a_rule(rule: DeviceRule, lines: tuple[str, ...]) -> None:
    assert devices.spell_rule(rule) == lines


@pytest.mark.parametrize("rule", [DeviceRule(True, "p"), DeviceRule(True, "x")])
def test_refuses_unknown_types(rule: DeviceRule) -> None:
    with pytest.raises(InvalidInputError, match="invalid device type"):
        devices.spell_rule(rule)


@pytest.mark.parametrize("access", ["", "x", "rwx"])
def test_refuses_unknown_access(access: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid device access"):
        devices.spell_rule(DeviceRule(True, "c", access=access))


def test_rules_are_written_in_order() -> None:
    folder, tree = v1_folder("devices")
    rules = (DeviceRule(False), DeviceRule(True, "c", 1, 3))
    devices.apply(folder, Resources(devices=rules))
    assert tree.writes == [("devices.deny", "a"), ("devices.allow", "c 1:3 rwm")]
