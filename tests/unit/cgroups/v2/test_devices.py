"""The devices part of cgroup v2, on a made-up group."""

from labkit.cgroups.devices import DEFAULT_DEVICE_RULES
from labkit.cgroups.v2 import devices
from labkit.kernel.bpf_devices import compile_rules
from labkit.spec.runtime import Resources
from tests.unit.cgroups.folders import v2_folder


def test_rules_become_the_groups_program() -> None:
    folder, tree = v2_folder()
    devices.apply(folder, Resources(devices=DEFAULT_DEVICE_RULES))
    assert tree.programs == {folder.path: compile_rules(DEFAULT_DEVICE_RULES)}


def test_without_rules_the_program_stays() -> None:
    folder, tree = v2_folder()
    devices.apply(folder, Resources())
    assert tree.programs == {}
