"""The whole set-up on the recording kernel, and every way in which it can break."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.errors import LabError
from labkit.cgroups.hierarchy import CgroupMount, Hierarchy, Kind
from labkit.kernel.recording import RecordingKernel
from labkit.runtime.child import take_steps
from labkit.runtime.handshake import Channel, channel_pair
from labkit.runtime.steps.context import Context, SetupError
from labkit.runtime.steps.order import JOIN_STEPS, PROCESS_STEPS, STEPS
from labkit.spec.runtime import (
    OVERLAY_LOWER,
    OVERLAY_UPPER,
    OVERLAY_WORK,
    CapabilitySets,
    Device,
    Linux,
    Mount,
    Namespace,
    Process,
    Root,
    Spec,
    User,
)

_CAPS = ("CAP_CHOWN", "CAP_NET_RAW")


@pytest.fixture
def channel() -> Iterator[Channel]:
    ours, theirs = channel_pair()
    ours.close()
    yield theirs
    theirs.close()


def _spec(**linux: object) -> Spec:
    sets = CapabilitySets(_CAPS, _CAPS, (), _CAPS)
    return Spec(
        process=Process(
            args=("true",),
            cwd="/srv/app",
            env=("PATH=/usr/bin:/bin",),
            capabilities=sets,
            user=User(uid=5, gid=6),
        ),
        root=Root(readonly=True),
        hostname="box",
        mounts=(
            Mount("/proc", "proc", "proc", ("nosuid",)),
            Mount("/dev", "tmpfs", "tmpfs", ("mode=755",)),
            Mount("/sys/fs/cgroup", "cgroup", "cgroup", ("ro",)),
            Mount("/data/in", "bind", "/etc", ("rbind", "ro", "rprivate")),
        ),
        linux=Linux(
            namespaces=(Namespace("mount"), Namespace("pid")),
            devices=(Device("/dev/fuse", "c", 10, 229),),
            masked_paths=("/proc/keys", "/sys"),
            readonly_paths=("/proc",),
            sysctl={"net.ipv4.ip_forward": "0"},
            **linux,
        ),
        annotations={
            OVERLAY_LOWER: "/layers/b:/layers/a",
            OVERLAY_UPPER: "/c/upper",
            OVERLAY_WORK: "/c/work",
        },
    )


def _context(channel: Channel, spec: Spec | None = None) -> Context:
    tree = CgroupMount(Path("/sys/fs/cgroup/pids"), ("pids",))
    spec = spec or _spec()
    return Context(
        spec=spec,
        process=spec.process,
        folder="/c",
        cgroups_path="/labkit-0/c",
        hierarchy=Hierarchy(Kind.V1, (tree,)),
        channel=channel,
        bounding=(1 << 41) - 1,
        last_capability=40,
        seccomp=b"\0" * 16,
    )


def _kernel(fail_at: int | None = None) -> RecordingKernel:
    return RecordingKernel(fail_at, programs=("/bin/true", "/proc/keys"))


def test_does_the_whole_set_up(channel: Channel) -> None:
    kernel = _kernel()
    context = _context(channel)
    take_steps(kernel, context, STEPS)
    assert context.program == "/bin/true"
    assert kernel.open_files == {}
    assert kernel.leaked == []
    assert {"/proc", "/dev", "/sys/fs/cgroup/pids", "/data/in"} <= set(kernel.mounted)


def test_breaks_cleanly_at_every_call(channel: Channel) -> None:
    whole = _kernel()
    take_steps(whole, _context(channel), STEPS)
    for n in range(len(whole.calls)):
        kernel = _kernel(fail_at=n)
        with pytest.raises(LabError, match="input/output error"):
            take_steps(kernel, _context(channel), STEPS)
        assert kernel.leaked == []
        # The root's own descriptor goes with the process; all others are closed.
        assert set(kernel.open_files.values()) <= {"/"}
        assert len(kernel.calls) == n


def test_cuts_off_the_host_before_it_mounts(channel: Channel) -> None:
    kernel = _kernel()
    take_steps(kernel, _context(channel), STEPS)
    first = kernel.names.index("mount")
    assert kernel.calls[first].operands[1:3] == ("/", None)


def test_gives_up_privileges_in_the_right_order(channel: Channel) -> None:
    kernel = _kernel()
    take_steps(kernel, _context(channel), STEPS)
    order = [
        kernel.names.index(name)
        for name in ("load_seccomp", "drop_bounding", "set_user", "set_capabilities")
    ]
    assert order == sorted(order)
    # Changing the user clears the wish, so it comes after (prctl(2)).
    assert kernel.names.index("set_death_signal") > order[-1]


def test_an_exec_makes_no_mount(channel: Channel) -> None:
    kernel = _kernel()
    take_steps(kernel, _context(channel), JOIN_STEPS + PROCESS_STEPS)
    assert "mount" not in kernel.names
    assert "pivot_root" not in kernel.names


def test_each_step_is_short_and_says_what_it_does() -> None:
    for step in STEPS:
        assert step.__doc__, step.__name__


def test_a_kernel_error_names_the_step(channel: Channel) -> None:
    kernel = _kernel(fail_at=0)
    with pytest.raises(SetupError, match=r"^cut_propagation: mount"):
        take_steps(kernel, _context(channel), STEPS)


def test_many_layers_are_named_from_their_common_folder(channel: Channel) -> None:
    spec = _spec()
    layers = ":".join(f"/var/lib/labkit/layers/l/{n:040d}" for n in range(80))
    spec.annotations[OVERLAY_LOWER] = layers
    kernel = _kernel()
    take_steps(kernel, _context(channel, spec), STEPS)
    mount = next(c for c in kernel.calls if c.operands[:1] == ("overlay",))
    data = mount.operands[4]
    assert isinstance(data, str)
    assert len(data) < 4096
    assert "chdir(/var/lib/labkit/layers/l)" in map(str, kernel.calls)
