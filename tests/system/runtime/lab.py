"""Real containers for tests: a busybox root, bundles by keyword, streams read."""

import json
import os
import shutil
import socket
import struct
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from labkit.base.ids import new_id
from labkit.cgroups.hierarchy import read_hierarchy
from labkit.cgroups.manager import open_manager
from labkit.kernel.capabilities import DEFAULT_CAPABILITIES
from labkit.runtime.bundle import write_bundle
from labkit.runtime.model import AttachOptions, ContainerState, IoOptions, LogOptions
from labkit.runtime.runtime import Runtime
from labkit.spec.runtime import (
    OVERLAY_LOWER,
    OVERLAY_UPPER,
    OVERLAY_WORK,
    CapabilitySets,
    Linux,
    Mount,
    Namespace,
    Process,
    Resources,
    Spec,
)

BUSYBOX = shutil.which("busybox") or "/bin/busybox"
_SAFE = ("nosuid", "noexec", "nodev")
MOUNTS = (
    Mount("/proc", "proc", "proc", _SAFE),
    Mount("/dev", "tmpfs", "tmpfs", ("nosuid", "mode=755", "size=65536k")),
    Mount(
        "/dev/pts",
        "devpts",
        "devpts",
        ("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
    ),
    Mount("/sys", "sysfs", "sysfs", (*_SAFE, "ro")),
    Mount("/sys/fs/cgroup", "cgroup", "cgroup", (*_SAFE, "ro")),
    Mount("/dev/mqueue", "mqueue", "mqueue", _SAFE),
    Mount("/dev/shm", "tmpfs", "shm", (*_SAFE, "mode=1777", "size=65536k")),
)
MASKED = ("/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/absent")
READONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
NAMESPACES = ("mount", "pid", "network", "ipc", "uts")
CGROUP_PARENT = f"/labkit-test-{os.getpid()}"
ENVIRONMENT = ("PATH=/usr/bin:/bin", "HOME=/root")


def make_root(folder: Path) -> None:
    """Unpack what an image's layer would hold."""
    (folder / "bin").mkdir(parents=True)
    shutil.copy(BUSYBOX, folder / "bin/busybox")
    listing = subprocess.run([BUSYBOX, "--list"], capture_output=True, check=True)
    for name in listing.stdout.decode().split():
        if name != "busybox":
            (folder / "bin" / name).symlink_to("busybox")
    for name in ("etc", "proc", "sys", "dev", "tmp", "root"):
        (folder / name).mkdir()
    (folder / "etc/passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    (folder / "etc/script").write_text("#!/absent\n")
    (folder / "etc/script").chmod(0o755)
    (folder / "etc/garbage").write_bytes(b"\0\1\2\3")
    (folder / "etc/garbage").chmod(0o755)


def process(*args: str, **changes: Any) -> Process:
    """Describe a process as the engine would."""
    caps = DEFAULT_CAPABILITIES
    sets = CapabilitySets(bounding=caps, effective=caps, permitted=caps)
    return replace(Process(args=args, env=ENVIRONMENT, capabilities=sets), **changes)


@dataclass(frozen=True, slots=True)
class Lab:
    """One runtime over a temporary root."""

    root: Path
    runtime: Runtime

    def folder(self, name: str) -> Path:
        return self.root / "containers" / name

    def cgroup_path(self, name: str) -> str:
        return f"{CGROUP_PARENT}/{name}"

    def spec(
        self,
        name: str,
        *args: str,
        resources: Resources | None = None,
        linux: dict[str, Any] | None = None,
        mounts: tuple[Mount, ...] = (),
        namespaces: tuple[Namespace, ...] | None = None,
        readonly: bool = False,
        **changes: Any,
    ) -> Spec:
        folder = self.folder(name)
        made = namespaces or tuple(Namespace(kind) for kind in NAMESPACES)
        has_names = any(entry.type == "uts" for entry in made)
        spec = Spec(
            process=process(*args, **changes),
            hostname="box" if has_names else None,
            mounts=MOUNTS + mounts,
            linux=Linux(
                namespaces=made,
                cgroups_path=self.cgroup_path(name),
                resources=resources,
                masked_paths=MASKED,
                readonly_paths=READONLY,
                **(linux or {}),
            ),
            annotations={
                OVERLAY_LOWER: str(self.root / "lower"),
                OVERLAY_UPPER: str(folder / "upper"),
                OVERLAY_WORK: str(folder / "work"),
            },
        )
        return replace(spec, root=replace(spec.root, readonly=readonly))

    def create(
        self, name: str, *args: str, io: IoOptions | None = None, **changes: Any
    ) -> int:
        """Write a bundle and create it; return init's pid."""
        folder = self.folder(name)
        for part in ("upper", "work", "rootfs"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        write_bundle(folder, self.spec(name, *args, **changes))
        log = LogOptions(str(self.log_path(name)))
        return self.runtime.create(name, io or IoOptions(log=log))

    def log_path(self, name: str) -> Path:
        return self.folder(name) / "test-json.log"

    def run(self, name: str, *args: str, **changes: Any) -> "Result":
        """Create, start, wait and delete; return all that it wrote."""
        self.create(name, *args, **changes)
        try:
            with (
                self.runtime.attach(name, AttachOptions()) as sock,
                self.runtime.watch(name) as watch,
            ):
                self.runtime.start(name)
                data = read_all(sock)
                wait_event(watch, "exit")
            state = self.runtime.state(name)
        finally:
            self.runtime.delete(name)
        if changes.get("terminal"):
            return Result(state, data, b"")
        return Result(state, *split_frames(data))


@dataclass(frozen=True, slots=True)
class Result:
    state: ContainerState
    stdout: bytes
    stderr: bytes

    @property
    def code(self) -> int:
        assert self.state.exit is not None
        return self.state.exit.exit_code

    @property
    def text(self) -> str:
        return self.stdout.decode()


def cgroups(path: str) -> Any:
    return open_manager(read_hierarchy(), path)


def read_all(sock: socket.socket) -> bytes:
    """Read to the end of the output."""
    sock.settimeout(20)
    data = bytearray()
    while piece := sock.recv(1 << 16):
        data += piece
    return bytes(data)


def read_until(sock: socket.socket, wanted: bytes) -> bytes:
    """Read until something was said."""
    sock.settimeout(20)
    data = bytearray()
    while wanted not in data:
        piece = sock.recv(1 << 16)
        assert piece, f"the output ended before {wanted!r}: {bytes(data)!r}"
        data += piece
    return bytes(data)


def split_frames(data: bytes) -> tuple[bytes, bytes]:
    """Take Docker's frames apart."""
    streams = {1: bytearray(), 2: bytearray()}
    while data:
        number, length = struct.unpack(">BxxxL", data[:8])
        streams[number] += data[8 : 8 + length]
        data = data[8 + length :]
    return bytes(streams[1]), bytes(streams[2])


def wait_event(
    watch: socket.socket, kind: str, exec_id: str | None = None
) -> dict[str, Any]:
    """Read events until one of a kind comes (of one exec)."""
    watch.settimeout(20)
    with watch.makefile("rb") as lines:
        for line in lines:
            event: dict[str, Any] = json.loads(line)
            if event["event"] == kind and event.get("exec_id") == exec_id:
                return event
    raise AssertionError(f"the events ended without {kind!r}")


def exec_in(lab: Lab, name: str, *args: str, **changes: Any) -> tuple[int, str]:
    """Run a further process to its end; return its exit code and its output."""
    exec_id = new_id()
    with lab.runtime.watch(name) as watch:
        _, sock = lab.runtime.exec(
            name, exec_id, process(*args, **changes), IoOptions(), AttachOptions()
        )
        assert sock is not None
        with sock:
            out, err = split_frames(read_all(sock))
        event = wait_event(watch, "exec-exit", exec_id)
    return int(event["exit_code"]), (out + err).decode()
