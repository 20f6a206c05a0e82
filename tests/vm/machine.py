"""A virtual machine with Debian's kernel and pure cgroup v2, on this machine's files.

Its root is the host's own root folder, shared read-only by virtiofs, with an overlay in
memory on top: nothing is built or copied, and the guest runs the very checkout that is
tested. qemu translates the guest's code (accel=tcg), which needs no /dev/kvm and takes
ten times as long as the real thing.

The kernel is Debian's cloud image, unpacked into the user's cache folder, never
installed. Its modules are loaded in two goes: those that reach the shared root come
with the first file system, the others from the shared root itself.
"""

import os
import platform
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.vm.cpio import Cpio
from tests.waiting import wait_until

VIRTIOFSD = Path("/usr/lib/qemu/virtiofsd")
QEMU = "qemu-system-x86_64"
_TO_THE_ROOT = ("virtio_pci", "virtiofs")
_FOR_CONTAINERS = (
    *("overlay", "veth", "bridge", "br_netfilter", "tun", "loop", "nf_tables"),
    *("nft_chain_nat", "nft_masq", "nft_nat", "nft_fib_inet", "nft_ct"),
)
_MEMORY = "2048M"


@dataclass(frozen=True, slots=True)
class Kernel:
    """An unpacked kernel package."""

    image: Path
    modules: dict[str, Path]

    def needed_by(self, names: tuple[str, ...]) -> list[Path]:
        """Return modules with what they depend on, in the order of loading."""
        found: list[Path] = []
        for name in names:
            self._add(name, found)
        return found

    def _add(self, name: str, found: list[Path]) -> None:
        path = self.modules.get(name)
        if path is None or path in found:  # None: built into the kernel
            return
        entry = re.search(rb"\0depends=([^\0]*)\0", path.read_bytes())
        for other in entry[1].decode().split(",") if entry else ():
            self._add(other.replace("-", "_"), found)
        found.append(path)


def missing() -> str:
    """Say what this machine lacks to be host to another one; empty if nothing."""
    if platform.machine() != "x86_64":
        return "the guest's kernel is for x86_64"
    if shutil.which(QEMU) is None or not VIRTIOFSD.exists():
        return f"needs {QEMU} and {VIRTIOFSD} (package qemu-system-x86)"
    return ""


def ensure_kernel() -> Kernel:
    """Unpack Debian's cloud kernel into the cache folder, once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "labkit" / "vm-kernel"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            _download(Path(scratch))
            (Path(scratch) / "kernel").rename(folder)
    modules = {
        path.stem.replace("-", "_"): path for path in folder.glob("lib/modules/**/*.ko")
    }
    return Kernel(next(folder.glob("boot/vmlinuz-*")), modules)


def _download(scratch: Path) -> None:
    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=scratch, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    listing = run("apt-cache", "depends", "linux-image-cloud-amd64")
    package = re.search(r"Depends: (linux-image-\S+)", listing)
    assert package, listing
    run("apt-get", "download", package[1])
    run("dpkg-deb", "-x", next(scratch.glob("*.deb")).name, "kernel")


def run_guest(script: Path, *arguments: str, timeout_seconds: float) -> str:
    """Boot, run a shell script as the guest's first process, return what it printed."""
    kernel = ensure_kernel()
    with tempfile.TemporaryDirectory(prefix="lk-vm-") as made:
        scratch = Path(made)
        initrd = scratch / "initrd"
        initrd.write_bytes(_first_files(kernel, shlex.join([str(script), *arguments])))
        with _shared_root(scratch / "root.sock") as socket:
            done = subprocess.run(
                _command(kernel, initrd, socket),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=timeout_seconds,
                check=False,
            )
    return done.stdout.decode("utf-8", "replace")


def _first_files(kernel: Kernel, command: str) -> bytes:
    first = kernel.needed_by(_TO_THE_ROOT)
    later = [f"/host{path}" for path in kernel.needed_by(_FOR_CONTAINERS)]
    busybox = "/bin/busybox"
    archive = Cpio()
    for folder in ("bin", "dev", "host", "memory", "new", "lib"):
        archive.add_folder(folder)
    archive.add_file("bin/busybox", Path(busybox).read_bytes(), executable=True)
    archive.add_link("bin/sh", "busybox")
    archive.add_console()
    for path in first:
        archive.add_file(f"lib/{path.name}", path.read_bytes())
    lines = [
        "#!/bin/sh",
        *(f"{busybox} insmod /lib/{path.name}" for path in first),
        f"{busybox} mount -t devtmpfs devtmpfs /dev",
        f"{busybox} mount -t virtiofs root /host",
        *(f"{busybox} insmod {path}" for path in later),
        f"{busybox} mount -t tmpfs tmpfs /memory",
        f"{busybox} mkdir /memory/upper /memory/work",
        f"{busybox} mount -t overlay -o "
        "lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work overlay /new",
        f"{busybox} mount --move /dev /new/dev",
        f"exec {busybox} switch_root /new /bin/sh {command}",
    ]
    archive.add_file("init", "\n".join([*lines, ""]).encode(), executable=True)
    return archive.finish()


@contextmanager
def _shared_root(path: Path) -> Iterator[Path]:
    command = [
        VIRTIOFSD,
        f"--socket-path={path}",
        "-o",
        "source=/,cache=always,sandbox=chroot",
    ]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(path.exists, "virtiofsd listens")
        yield path
    finally:
        server.terminate()
        server.wait(30)


def _command(kernel: Kernel, initrd: Path, socket: Path) -> list[str]:
    speed = re.search(r"cpu MHz\s*: (\d+)", Path("/proc/cpuinfo").read_text())
    khz = int(speed[1]) * 1000 if speed else 2_000_000
    # Without these the guest measures its clock against a timer that a busy host
    # makes unsteady, and gives up.
    clock = f"tsc=reliable tsc_early_khz={khz} lpj=4000000 no_timer_check"
    return [
        *(QEMU, "-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2"),
        # virtiofsd reads and writes the guest's memory: it has to be shared.
        *("-m", _MEMORY, "-numa", "node,memdev=memory"),
        *("-object", f"memory-backend-memfd,id=memory,size={_MEMORY},share=on"),
        *("-nodefaults", "-no-user-config", "-nographic", "-no-reboot"),
        *("-serial", "stdio", "-kernel", str(kernel.image), "-initrd", str(initrd)),
        *("-chardev", f"socket,id=root,path={socket}"),
        *("-device", "vhost-user-fs-pci,chardev=root,tag=root"),
        "-append",
        f"console=ttyS0 reboot=t panic=-1 quiet mitigations=off {clock}",
    ]
