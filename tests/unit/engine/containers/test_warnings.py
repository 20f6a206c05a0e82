"""What is left out, and what is said about it."""

import pytest

from labkit.engine.containers.warnings import Abilities, leave_out, look_at_machine
from labkit.engine.model import HostConfig, ResourceLimits, WeightDevice

_OLD = Abilities(unified=False, weights=True)


@pytest.mark.parametrize(
    ("limits", "unified", "words"),
    [
        (ResourceLimits(memory_swappiness=5), True, "Memory swappiness discarded."),
        (ResourceLimits(oom_kill_disable=True), True, "OomKillDisable discarded."),
        (
            ResourceLimits(blkio_weight_device=(WeightDevice("/dev/vda", 9),)),
            False,
            "Weight-device discarded.",
        ),
    ],
)
def test_leaves_out_what_the_kernel_has_not(
    limits: ResourceLimits, unified: bool, words: str
) -> None:
    host, (warning,) = leave_out(
        HostConfig(resources=limits), Abilities(unified, False)
    )
    assert host == HostConfig()
    assert warning.endswith(words)


def test_warns_of_a_container_that_nobody_stops() -> None:
    wish = HostConfig(resources=ResourceLimits(oom_kill_disable=True))
    host, (warning,) = leave_out(wish, _OLD)
    assert host == wish
    assert "no memory limit is set" in warning


def test_has_nothing_to_say_mostly() -> None:
    limits = ResourceLimits(memory_swappiness=5, oom_kill_disable=True, memory=1 << 30)
    host = HostConfig(resources=limits)
    assert leave_out(host, _OLD) == (host, ())


def test_keeps_weights_of_devices_where_there_are_some() -> None:
    limits = ResourceLimits(blkio_weight_device=(WeightDevice("/dev/vda", 9),))
    host = HostConfig(resources=limits)
    for unified in (True, False):
        assert leave_out(host, Abilities(unified, weights=True)) == (host, ())


def test_a_unified_machine_has_all_weights() -> None:
    found = look_at_machine()
    assert found.weights or not found.unified
