"""Privileges: what is kept, what is dropped, what our own limits take away."""

import errno

import pytest

from labkit.kernel.libc import kernel_error
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


class _Guarded(RecordingKernel):
    """A kernel whose folders let in root alone, or the user alone."""

    def __init__(self, lets_in_root: bool) -> None:
        super().__init__()
        self._open = lets_in_root

    def chdir(self, path: str) -> None:
        if not self._open:
            raise kernel_error(errno.EACCES, "chdir", path)
        super().chdir(path)

    def set_user(self, uid: int, gid: int, groups: tuple[int, ...]) -> None:
        super().set_user(uid, gid, groups)
        self._open = not self._open


@pytest.mark.parametrize("lets_in_root", [True, False])
def test_root_or_the_user_is_let_into_the_working_folder(
    channel: Channel, lets_in_root: bool
) -> None:
    """Root's own folder may be where a user begins; a user's need not let in root."""
    kernel, context = _Guarded(lets_in_root), make_context(channel)
    identity.enter_working_folder(kernel, context)
    identity.change_user(kernel, context)
    identity.settle_in_working_folder(kernel, context)
    assert kernel.working_folder() == "/srv/app"


def test_a_working_folder_that_lets_in_nobody_is_named(channel: Channel) -> None:
    kernel, context = _Guarded(False), make_context(channel)
    identity.enter_working_folder(kernel, context)
    with pytest.raises(SetupError, match=r'"/srv/app".*permission denied') as caught:
        identity.settle_in_working_folder(kernel, context)
    assert caught.value.exit_code == 126
