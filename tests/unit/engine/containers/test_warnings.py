"""What is left out, and what is said about it."""

import pytest

from labkit.engine.containers.warnings import leave_out
from labkit.engine.model import HostConfig, ResourceLimits, WeightDevice


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
    host, (warning,) = leave_out(HostConfig(resources=limits), unified)
    assert host == HostConfig()
    assert warning.endswith(words)


def test_warns_of_a_container_that_nobody_stops() -> None:
    wish = HostConfig(resources=ResourceLimits(oom_kill_disable=True))
    host, (warning,) = leave_out(wish, unified=False)
    assert host == wish
    assert "no memory limit is set" in warning


def test_has_nothing_to_say_mostly() -> None:
    limits = ResourceLimits(memory_swappiness=5, oom_kill_disable=True, memory=1 << 30)
    host = HostConfig(resources=limits)
    assert leave_out(host, unified=False) == (host, ())
