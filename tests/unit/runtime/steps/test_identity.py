"""Privileges: what is kept, what is dropped, what our own limits take away."""

import pytest

from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel
from labkit.runtime.steps import identity
from labkit.runtime.steps.context import SetupError
from labkit.spec.runtime import CapabilitySets, Rlimit
from tests.unit.runtime.steps.made import make_context, make_spec, with_process


def test_gives_no_more_than_we_have(channel: Channel) -> None:
    context = make_context(channel)
    context.bounding = 1 << 0  # CAP_CHOWN, but not CAP_NET_RAW
    kernel = RecordingKernel()
    identity.set_capabilities(kernel, context)
    assert str(kernel.calls[0]) == "set_capabilities('0x1', '0x1', '0x0')"


def test_drops_all_but_the_bounding_set(channel: Channel) -> None:
    kernel = RecordingKernel()
    identity.cut_bounding_set(kernel, make_context(channel))
    dropped = {call.operands[0] for call in kernel.calls}
    assert dropped == set(range(41)) - {0, 13}


def test_without_sets_there_is_nothing(channel: Channel) -> None:
    spec = with_process(make_spec(), capabilities=CapabilitySets())
    kernel = RecordingKernel()
    identity.set_capabilities(kernel, make_context(channel, spec))
    assert str(kernel.calls[0]) == "set_capabilities('0x0', '0x0', '0x0')"


@pytest.mark.parametrize("late", [False, True])
def test_loads_the_filter_once(channel: Channel, late: bool) -> None:
    spec = with_process(make_spec(), no_new_privileges=late)
    kernel = RecordingKernel()
    context = make_context(channel, spec)
    identity.load_early_seccomp(kernel, context)
    assert ("load_seccomp" in kernel.names) is not late
    identity.forbid_new_privileges(kernel, context)
    assert kernel.names.count("load_seccomp") == 1


class NoLimits(RecordingKernel):
    def set_rlimit(self, resource: int, soft: int, hard: int) -> None:
        raise ValueError("not allowed to raise maximum limit")


def test_says_which_limit_is_refused(channel: Channel) -> None:
    limits = (Rlimit("RLIMIT_NOFILE", 1 << 30, 1 << 30),)
    spec = with_process(make_spec(), rlimits=limits)
    with pytest.raises(SetupError, match="rlimit type 7: operation not permitted"):
        identity.set_rlimits(NoLimits(), make_context(channel, spec))
