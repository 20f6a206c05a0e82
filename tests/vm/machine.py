"""Virtual machines with Debian's kernel and pure cgroup v2: of this kind, and of arm64.

The root of a guest of this machine's kind is the host's own root folder, shared by
virtiofs: nothing is built or copied, and the guest runs the very checkout that is
tested. A guest of another kind has a root that was made of Debian's packages, and the
checkout is shared beside it. Whatever a guest writes goes to an overlay in its memory.

qemu translates the guest's code (accel=tcg), which needs no /dev/kvm and takes ten
times as long as the real thing. The kernel is Debian's cloud image, never installed;
its modules come with the first file system.
"""

import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.vm.cpio import Cpio
from tests.vm.packages import ensure_kernel, ensure_root
from tests.waiting import wait_until

VIRTIOFSD = Path("/usr/lib/qemu/virtiofsd")
CHECKOUT = Path(__file__).parents[2]
_IN_THE_GUEST = "/srv/labkit"
_SCRIPT = "tests/vm/guest.sh"
_MODULES = (
    *("virtio_pci", "virtiofs"),  # they reach the shares
    *("overlay", "veth", "bridge", "br_netfilter", "tun", "loop", "nf_tables"),
    *("nft_chain_nat", "nft_masq", "nft_nat", "nft_fib_inet", "nft_ct"),
)
_MEMORY = "2048M"
_PACKAGES = ("busybox-static", "coreutils", "dash", "hostname", "mount", "python3")
_WHEELS = (
    *("aiohttp", "click", "cryptography", "dnslib", "docker", "pydantic", "pytest"),
    *("pyyaml", "zstandard"),
)


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of machine: as Debian calls it, as the kernel does, as qemu makes it."""

    architecture: str
    name: str
    package: str
    board: str
    console: str


AMD64 = Machine("amd64", "x86_64", "qemu-system-x86", "q35", "ttyS0")
ARM64 = Machine("arm64", "aarch64", "qemu-system-arm", "virt", "ttyAMA0")


@dataclass(frozen=True, slots=True)
class Guest:
    """A machine with what it sees of ours: folders by the names that it mounts."""

    machine: Machine
    shares: dict[str, Path]
    script: Path
    python: str

    @property
    def qemu(self) -> str:
        return f"qemu-system-{self.machine.name}"


def missing(machine: Machine) -> str:
    """Say what this machine lacks to be host to another one; empty if nothing."""
    if machine is AMD64 and platform.machine() != machine.name:
        return "the guest's root is this machine's own, of another kind"
    program = shutil.which(f"qemu-system-{machine.name}")
    if program is None or not VIRTIOFSD.exists():
        return f"needs {machine.package} and {VIRTIOFSD}"
    return ""


def run_guest(machine: Machine, timeout_seconds: float) -> str:
    """Boot, run ``guest.sh`` as the first process, return what it printed."""
    guest = _make_guest(machine)
    kernel = ensure_kernel(machine.architecture)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lk-")))
        initrd = scratch / "initrd"
        initrd.write_bytes(_first_files(guest, kernel))
        sockets = {
            name: stack.enter_context(_shared(folder, scratch / name))
            for name, folder in guest.shares.items()
        }
        done = subprocess.run(
            _command(guest, kernel, initrd, sockets),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout_seconds,
            check=False,
        )
    return done.stdout.decode("utf-8", "replace")


def _make_guest(machine: Machine) -> Guest:
    if machine.name == platform.machine():
        shares = {"root": Path("/")}
        return Guest(machine, shares, CHECKOUT / _SCRIPT, sys.executable)
    root = ensure_root(machine.architecture, machine.name, _PACKAGES, _WHEELS)
    shares = {"root": root, "checkout": CHECKOUT}
    return Guest(machine, shares, Path(_IN_THE_GUEST, _SCRIPT), "/usr/bin/python3")


def _first_files(guest: Guest, kernel: Path) -> bytes:
    busybox = "/bin/busybox"
    archive = Cpio()
    for folder in ("bin", "dev", "host", "lib", "memory", "new"):
        archive.add_folder(folder)
    program = guest.shares["root"] / "bin/busybox"
    archive.add_file("bin/busybox", program.read_bytes(), executable=True)
    archive.add_link("bin/sh", "busybox")
    archive.add_console()
    modules = _modules(kernel)
    for path in modules:
        archive.add_file(f"lib/{path.name}", path.read_bytes())
    lines = [
        "#!/bin/sh",
        *(f"{busybox} insmod /lib/{path.name}" for path in modules),
        f"{busybox} mount -t devtmpfs devtmpfs /dev",
        f"{busybox} mount -t virtiofs root /host",
        f"{busybox} mount -t tmpfs tmpfs /memory",
        f"{busybox} mkdir /memory/upper /memory/work",
        f"{busybox} mount -t overlay -o "
        "lowerdir=/host,upperdir=/memory/upper,workdir=/memory/work overlay /new",
        f"{busybox} mount --move /dev /new/dev",
    ]
    if "checkout" in guest.shares:
        share = f"mount -t virtiofs -o ro checkout /new{_IN_THE_GUEST}"
        lines += [f"{busybox} mkdir -p /new{_IN_THE_GUEST}", f"{busybox} {share}"]
    command = shlex.join(["/bin/sh", str(guest.script), guest.python])
    lines.append(f"exec {busybox} switch_root /new {command}")
    archive.add_file("init", "\n".join([*lines, ""]).encode(), executable=True)
    return archive.finish()


def _modules(kernel: Path) -> list[Path]:
    """Return modules with what they depend on, in the order of loading."""
    files = kernel.glob("lib/modules/**/*.ko")
    known = {path.stem.replace("-", "_"): path for path in files}
    found: list[Path] = []

    def add(name: str) -> None:
        path = known.get(name)
        if path is None or path in found:  # None: built into the kernel
            return
        entry = re.search(rb"\0depends=([^\0]*)\0", path.read_bytes())
        for other in entry[1].decode().split(",") if entry else ():
            add(other.replace("-", "_"))
        found.append(path)

    for name in _MODULES:
        add(name)
    return found


@contextmanager
def _shared(folder: Path, path: Path) -> Iterator[Path]:
    options = f"source={folder},cache=always,sandbox=chroot"
    server = subprocess.Popen(
        [VIRTIOFSD, f"--socket-path={path}", "-o", options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(path.exists, "virtiofsd listens")
        yield path
    finally:
        server.terminate()
        server.wait(30)


def _command(
    guest: Guest, kernel: Path, initrd: Path, sockets: dict[str, Path]
) -> list[str]:
    machine = guest.machine
    shares: list[str] = []
    for name, socket in sockets.items():
        shares += ["-chardev", f"socket,id={name},path={socket}"]
        shares += ["-device", f"vhost-user-fs-pci,chardev={name},tag={name}"]
    image = next(kernel.glob("boot/vmlinuz-*"))
    return [
        *(guest.qemu, "-M", machine.board, "-accel", "tcg,thread=multi"),
        *("-cpu", "max" if machine is AMD64 else "max,pauth-impdef=on", "-smp", "2"),
        # virtiofsd reads and writes the guest's memory: it has to be shared.
        *("-m", _MEMORY, "-numa", "node,memdev=memory"),
        *("-object", f"memory-backend-memfd,id=memory,size={_MEMORY},share=on"),
        *("-nodefaults", "-no-user-config", "-nographic", "-no-reboot"),
        *("-serial", "stdio", "-kernel", str(image), "-initrd", str(initrd)),
        *shares,
        "-append",
        f"console={machine.console} panic=-1 quiet mitigations=off {_clock(machine)}",
    ]


def _clock(machine: Machine) -> str:
    if machine is not AMD64:
        return ""
    speed = re.search(r"cpu MHz\s*: (\d+)", Path("/proc/cpuinfo").read_text())
    khz = int(speed[1]) * 1000 if speed else 2_000_000
    # Without these the guest measures its clock against a timer that a busy host
    # makes unsteady, and gives up.
    clock = f"tsc=reliable tsc_early_khz={khz} lpj=4000000 no_timer_check"
    return f"reboot=t {clock}"
