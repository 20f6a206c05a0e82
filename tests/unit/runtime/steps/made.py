"""A bundle with everything in it, and its context on the recording kernel."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from labkit.cgroups.hierarchy import CgroupMount, Hierarchy, Kind
from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel, channel_pair
from labkit.runtime.steps.context import Context
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


def make_spec(**linux: object) -> Spec:
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


def make_context(channel: Channel, spec: Spec | None = None) -> Context:
    tree = CgroupMount(Path("/sys/fs/cgroup/pids"), ("pids",))
    spec = spec or make_spec()
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


def make_kernel(fail_at: int | None = None) -> RecordingKernel:
    return RecordingKernel(fail_at, programs=("/bin/true", "/proc/keys"))


@contextmanager
def channels() -> Iterator[tuple[Channel, Channel]]:
    """Both ends of a handshake."""
    ours, theirs = channel_pair()
    try:
        yield ours, theirs
    finally:
        ours.close()
        theirs.close()


def with_process(spec: Spec, **changes: object) -> Spec:
    return replace(spec, process=replace(spec.process, **changes))
