"""The whole set-up on the recording kernel, and every way in which it can break."""

import pytest

from labkit.base.errors import LabError
from labkit.runtime.child import take_steps
from labkit.runtime.handshake import Channel
from labkit.runtime.steps.context import SetupError
from labkit.runtime.steps.order import JOIN_STEPS, PROCESS_STEPS, STEPS
from labkit.spec.runtime import OVERLAY_LOWER
from tests.unit.runtime.steps.made import make_context, make_kernel, make_spec


def test_does_the_whole_set_up(channel: Channel) -> None:
    kernel = make_kernel()
    context = make_context(channel)
    take_steps(kernel, context, STEPS)
    assert context.program == "/bin/true"
    assert kernel.open_files == {}
    assert kernel.leaked == []
    assert {"/proc", "/dev", "/sys/fs/cgroup/pids", "/data/in"} <= set(kernel.mounted)


def test_breaks_cleanly_at_every_call(channel: Channel) -> None:
    whole = make_kernel()
    take_steps(whole, make_context(channel), STEPS)
    for n in range(len(whole.calls)):
        kernel = make_kernel(fail_at=n)
        with pytest.raises(LabError, match="input/output error"):
            take_steps(kernel, make_context(channel), STEPS)
        assert kernel.leaked == []
        # The root's own descriptor goes with the process; all others are closed.
        assert set(kernel.open_files.values()) <= {"/"}
        assert len(kernel.calls) == n


def test_cuts_off_the_host_before_it_mounts(channel: Channel) -> None:
    kernel = make_kernel()
    take_steps(kernel, make_context(channel), STEPS)
    first = kernel.names.index("mount")
    assert kernel.calls[first].operands[1:3] == ("/", None)


def test_gives_up_privileges_in_the_right_order(channel: Channel) -> None:
    kernel = make_kernel()
    take_steps(kernel, make_context(channel), STEPS)
    order = [
        kernel.names.index(name)
        for name in ("load_seccomp", "drop_bounding", "set_user", "set_capabilities")
    ]
    assert order == sorted(order)
    # Changing the user clears the wish, so it comes after (prctl(2)).
    assert kernel.names.index("set_death_signal") > order[-1]


def test_an_exec_makes_no_mount(channel: Channel) -> None:
    kernel = make_kernel()
    take_steps(kernel, make_context(channel), JOIN_STEPS + PROCESS_STEPS)
    assert "mount" not in kernel.names
    assert "pivot_root" not in kernel.names


def test_each_step_is_short_and_says_what_it_does() -> None:
    for step in STEPS:
        assert step.__doc__, step.__name__


def test_a_kernel_error_names_the_step(channel: Channel) -> None:
    kernel = make_kernel(fail_at=0)
    with pytest.raises(SetupError, match=r"^cut_propagation: mount"):
        take_steps(kernel, make_context(channel), STEPS)


def test_many_layers_are_named_from_their_common_folder(channel: Channel) -> None:
    spec = make_spec()
    layers = ":".join(f"/var/lib/labkit/layers/l/{n:040d}" for n in range(80))
    spec.annotations[OVERLAY_LOWER] = layers
    kernel = make_kernel()
    take_steps(kernel, make_context(channel, spec), STEPS)
    mount = next(c for c in kernel.calls if c.operands[:1] == ("overlay",))
    data = mount.operands[4]
    assert isinstance(data, str)
    assert len(data) < 4096
    assert "chdir('/var/lib/labkit/layers/l')" in map(str, kernel.calls)
