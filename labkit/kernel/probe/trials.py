"""The things tried: each a function that does what the engine will do.

Every trial runs in a child of its own (``child``), which first enters a user namespace
where the engine would: as an ordinary user. ``scratch`` is an empty folder on the file
system that will hold the containers.
"""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labkit.kernel import libc
from labkit.kernel.flags import CloneFlag, MountFlag, Prctl, UnmountFlag
from labkit.kernel.netlink import links, nftables
from labkit.kernel.netlink.expressions import masquerade
from labkit.kernel.netlink.nftables import Chain, Family, Hook, Policy, Rule
from labkit.kernel.netlink.transport import (
    NETLINK_NETFILTER,
    NETLINK_ROUTE,
    NetlinkSocket,
)

_RETURN_ALLOW = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF_0000)
_QUIET = MountFlag.NOSUID | MountFlag.NODEV | MountFlag.NOEXEC


@dataclass(frozen=True, slots=True)
class Place:
    """Where and as whom to try."""

    scratch: Path
    is_root: bool


Trial = Callable[[Place], None]


def enter(place: Place, flags: CloneFlag) -> None:
    """Become root of new namespaces, the way the engine will."""
    if not place.is_root:
        enter_user_namespace()
    if flags:
        libc.unshare(flags)
    if flags & CloneFlag.NEWNS:
        private = MountFlag.REC | MountFlag.PRIVATE
        libc.mount(None, "/", None, private, None)


def enter_user_namespace() -> None:
    """Map our own id to root (user_namespaces(7))."""
    uid, gid = os.geteuid(), os.getegid()
    libc.unshare(CloneFlag.NEWUSER)
    # An ordinary user may map a group only after giving up setgroups(2).
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")


def user_namespace(place: Place) -> None:
    # Ubuntu's AppArmor rule lets the first call pass and refuses what follows.
    enter_user_namespace()
    libc.unshare(CloneFlag.NEWNS)
    _mount_tmpfs(place)


def namespaces(place: Place) -> None:
    enter(
        place,
        CloneFlag.NEWNS
        | CloneFlag.NEWPID
        | CloneFlag.NEWNET
        | CloneFlag.NEWIPC
        | CloneFlag.NEWUTS,
    )


def cgroup_namespace(place: Place) -> None:
    enter(place, CloneFlag.NEWCGROUP)


def overlay(place: Place) -> None:
    """Mount one and replace a lower folder, which needs the opaque attribute."""
    enter(place, CloneFlag.NEWNS)
    for name in ("lower/folder", "upper", "work", "merged"):
        (place.scratch / name).mkdir(parents=True)
    os.chdir(place.scratch)
    options = "lowerdir=lower,upperdir=upper,workdir=work"
    if not place.is_root:
        options += ",userxattr"
    libc.mount("overlay", "merged", "overlay", MountFlag.NONE, options)
    (place.scratch / "merged/folder").rmdir()
    (place.scratch / "merged/folder").mkdir()
    os.chdir("/")
    libc.umount(str(place.scratch / "merged"), UnmountFlag.DETACH)


def proc(place: Place) -> None:
    enter(place, CloneFlag.NEWNS | CloneFlag.NEWPID)
    # The new pid namespace begins with the next child.
    _in_child(lambda: libc.mount("proc", str(place.scratch), "proc", _QUIET, None))


def sysfs(place: Place) -> None:
    enter(place, CloneFlag.NEWNS | CloneFlag.NEWNET)
    flags = _QUIET | MountFlag.RDONLY
    libc.mount("sysfs", str(place.scratch), "sysfs", flags, None)


def dev(place: Place) -> None:
    """The file systems behind /dev: tmpfs, devpts, mqueue."""
    enter(place, CloneFlag.NEWNS | CloneFlag.NEWIPC)
    _mount_tmpfs(place)
    for name, kind, options in (
        ("pts", "devpts", "newinstance,ptmxmode=0666"),
        ("mqueue", "mqueue", None),
    ):
        (place.scratch / name).mkdir()
        libc.mount(kind, str(place.scratch / name), kind, MountFlag.NOSUID, options)


def device_nodes(place: Place) -> None:
    enter(place, CloneFlag.NEWNS)
    _mount_tmpfs(place)
    os.mknod(place.scratch / "null", 0o20666, os.makedev(1, 3))
    os.close(os.open(place.scratch / "null", os.O_RDWR | os.O_CLOEXEC))


def whiteouts(place: Place) -> None:
    enter(place, CloneFlag.NEWNS)
    os.mknod(place.scratch / "whiteout", 0o20000, 0)


def pivot_root(place: Place) -> None:
    enter(place, CloneFlag.NEWNS)
    _mount_tmpfs(place)
    os.chdir(place.scratch)
    libc.pivot_root(".", ".")


def links_and_bridges(place: Place) -> None:
    enter(place, CloneFlag.NEWNET)
    with NetlinkSocket(NETLINK_ROUTE) as netlink:
        netlink.change(links.create_bridge("probe0", "02:42:00:00:00:01", 1500))
        own = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        netlink.change(links.create_veth("probe1", "probe2", own))


def masquerading(place: Place) -> None:
    """A translation rule in nf_tables: containers' way out."""
    enter(place, CloneFlag.NEWNET)
    chain = Chain("post", "nat", Hook.POSTROUTING, 100, Policy.ACCEPT)
    rule = Rule("post", "masquerade", masquerade())
    with NetlinkSocket(NETLINK_NETFILTER) as netlink:
        nftables.replace_table(netlink, Family.IP, "probe", [chain], [rule])


def forwarding(place: Place) -> None:
    enter(place, CloneFlag.NEWNET)
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")


def seccomp(place: Place) -> None:
    libc.prctl(Prctl.SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.load_seccomp(_RETURN_ALLOW)


def _mount_tmpfs(place: Place) -> None:
    libc.mount("tmpfs", str(place.scratch), "tmpfs", MountFlag.NONE, None)


def _in_child(action: Callable[[], None]) -> None:
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            action()
            code = 0
        except OSError as error:
            code = error.errno or 255
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise OSError(code, os.strerror(code))
