"""What a hostile program tries, run inside a container by the machine's own Python.

Prints one JSON object: the name of each attempt and what came of it, ``done`` or the
errno's name. Nothing here is meant to succeed; what would, does no harm.
"""

import ctypes
import errno
import json
import os
import socket
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
HOST_PID = int(sys.argv[1])
NEWNS, NEWUSER, NEWCGROUP = 0x20000, 0x10000000, 0x2000000
PTRACE_ATTACH, AT_FDCWD = 16, -100
BUFFER = ctypes.create_string_buffer(8)
AREA = struct.pack("=QQ", ctypes.addressof(BUFFER), 8)  # struct iovec


def call(number, *arguments):
    """Make one system call by its number (x86-64's, arm64's)."""
    number = number[os.uname().machine != "x86_64"]
    words = [a if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    ctypes.set_errno(0)
    if libc.syscall(ctypes.c_long(number), *words) == -1:
        raise OSError(ctypes.get_errno(), "")


def netlink(kind, flags, body, protocol=0):
    """Send one message to the kernel; an answer that is an error is raised."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) as sock:
        size = struct.calcsize("=IHHII") + len(body)
        sock.send(struct.pack("=IHHII", size, kind, flags | 5, 1, 0) + body)
        answer = sock.recv(1 << 16)
        if struct.unpack_from("=H", answer, 4)[0] == 2:
            failed = -struct.unpack_from("=i", answer, 16)[0]
            if failed:
                raise OSError(failed, "")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def break_out_by_chroot():
    """Climb out of a root below the working folder: man 2 chroot."""
    os.makedirs("/tmp/jail", exist_ok=True)
    fd = os.open("/", os.O_RDONLY)
    os.chroot("/tmp/jail")
    os.fchdir(fd)
    for _ in range(64):
        os.chdir("..")
    os.chroot(".")
    if not os.path.exists("/etc/lk-inside"):
        return
    raise OSError(errno.EPERM, "still inside")


def open_disk():
    os.mknod("/tmp/disk", 0o60600, os.makedev(int(sys.argv[2]), int(sys.argv[3])))
    os.close(os.open("/tmp/disk", os.O_RDONLY))


def see_other_links():
    names = {name for _, name in socket.if_nameindex()}
    if names <= {"lo", "eth0"}:
        raise OSError(errno.ENODEV, "only its own")


link = struct.pack("=BxHiII", 0, 0, 1, 1, 1)  # lo, up
move = link + struct.pack("=HHI", 8, 19, 1)  # IFLA_NET_NS_PID: init's
ATTEMPTS = {
    "mount a tmpfs": lambda: call((165, 40), b"x", b"/tmp", b"tmpfs", 0, 0),
    "bind over proc": lambda: call((165, 40), b"/tmp", b"/proc", b"", 4096, 0),
    "unmount proc/kcore": lambda: call((166, 39), b"/proc/kcore", 2),
    "make writable": lambda: call((165, 40), b"", b"/proc/sys", b"", 4128, 0),
    "open_tree": lambda: call((428, 428), AT_FDCWD, b"/", 1),
    "fsopen": lambda: call((430, 430), b"tmpfs", 0),
    "pivot_root": lambda: call((155, 41), b".", b"."),
    "new mount namespace": lambda: call((272, 97), NEWNS),
    "new user namespace": lambda: call((272, 97), NEWUSER),
    "new cgroup namespace": lambda: call((272, 97), NEWCGROUP),
    "join init's namespace": lambda: call((308, 268), os.open("/proc/1/ns/net", 0), 0),
    "ptrace a process of the host": lambda: call(
        (101, 117), PTRACE_ATTACH, HOST_PID, 0, 0
    ),
    "read its memory": lambda: call((310, 270), HOST_PID, AREA, 1, AREA, 1, 0),
    "signal it": lambda: os.kill(HOST_PID, 0),
    "pidfd of it": lambda: os.pidfd_open(HOST_PID),
    "open a file by handle": lambda: call((304, 265), 3, bytes(64), 0),
    "load a module": lambda: call((313, 273), 0, b"", 0),
    "kexec": lambda: call((246, 104), 0, 0, 0, 0),
    "reboot": lambda: call((169, 142), 0xFEE1DEAD, 672274793, 0, 0),
    "bpf": lambda: call((321, 280), 0, bytes(64), 64),
    "perf_event_open": lambda: call((298, 241), bytes(128), 0, -1, -1, 0),
    "keyctl": lambda: call((250, 219), 0, -3, 0),
    "add_key": lambda: call((248, 217), b"user", b"x", b"y", 1, -3),
    "userfaultfd": lambda: call((323, 282), 0),
    "io_uring": lambda: call((425, 425), 1, bytes(120)),
    "settimeofday": lambda: call((164, 170), bytes(16), 0),
    "sethostname": lambda: call((170, 161), b"x", 1),
    "swapon": lambda: call((167, 224), b"/tmp/x", 0),
    "syslog": lambda: call((103, 116), 3, bytes(64), 64),
    "set lo up by netlink": lambda: netlink(16, 0, link),
    "move lo to init's network": lambda: netlink(16, 0, move),
    "a route by netlink": lambda: netlink(24, 0x400, bytes(12)),
    "a firewall table": lambda: netlink(0xA00, 0x400, bytes(4), 12),
    "the audit log": lambda: netlink(1000, 0, bytes(4), 9),
    "links of others": see_other_links,
    "core_pattern": lambda: write("/proc/sys/kernel/core_pattern", "|/tmp/x"),
    "modprobe": lambda: write("/proc/sys/kernel/modprobe", "/tmp/x"),
    "sysrq": lambda: write("/proc/sysrq-trigger", "h"),
    "uevent_helper": lambda: write("/sys/kernel/uevent_helper", "/tmp/x"),
    "release_agent": lambda: write("/sys/fs/cgroup/pids/release_agent", "/tmp/x"),
    "own limit": lambda: write("/sys/fs/cgroup/pids/pids.max", "max"),
    "all devices": lambda: write("/sys/fs/cgroup/devices/devices.allow", "a"),
    "oom_score_adj": lambda: write("/proc/self/oom_score_adj", "-1000"),
    "the disk": open_disk,
    "kernel memory": lambda: os.read(os.open("/proc/kcore", os.O_RDONLY), 1)[0],
    "out of the root": break_out_by_chroot,
}

found = {}
for name, attempt in ATTEMPTS.items():
    try:
        attempt()
        found[name] = "done"
    except IndexError:
        found[name] = "empty"
    except OSError as error:
        found[name] = errno.errorcode.get(error.errno, str(error))
sys.stdout.write(json.dumps(found))
