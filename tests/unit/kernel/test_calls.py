"""The protocol and its two bodies have the same calls."""

import inspect

import pytest

from labkit.kernel.calls import Kernel
from labkit.kernel.linux import LinuxKernel
from labkit.kernel.recording import RecordingKernel


@pytest.mark.parametrize("twin", [LinuxKernel, RecordingKernel])
def test_both_have_every_call_of_the_protocol(twin: type) -> None:
    for base in Kernel.__mro__:
        for name, wanted in vars(base).items():
            if name.startswith("_") or not inspect.isfunction(wanted):
                continue
            found = getattr(twin, name)
            assert list(inspect.signature(found).parameters) == list(
                inspect.signature(wanted).parameters
            ), name
