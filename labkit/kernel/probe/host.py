"""Tries what the engine needs from the kernel, and says what a failure means."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from labkit.kernel.probe import trials
from labkit.kernel.probe.child import try_in_child
from labkit.kernel.probe.model import Finding, Report
from labkit.kernel.probe.trials import Place, Trial

SCRATCH_PREFIX = ".labkit-probe-"
_AS_ROOT = "run it as root on a machine or virtual machine of your own"
_PRIVILEGED = (
    "in a container, start that one with --privileged; else use a machine or virtual "
    "machine of your own, or set DOCKER_HOST to a Docker Engine"
)
_OTHER_KERNEL = "use a distribution's standard kernel"
_BARE_ROOT = "containers see the outer root's /proc: start the outer container with "


@dataclass(frozen=True, slots=True)
class _Check:
    """A trial and what it means when it fails. Rows with ``root_only`` need no user
    namespace variant: there the engine goes another way."""

    name: str
    tried: str
    trial: Trial
    need: str
    consequence: str
    remedy: str
    root_only: bool = False


_USER_NAMESPACE = _Check(
    "user-namespace",
    "unshare(CLONE_NEWUSER), map our id to root, mount a tmpfs",
    trials.user_namespace,
    "must",
    "an ordinary user can't make containers here",
    "use sudo; or as root: sysctl kernel.apparmor_restrict_unprivileged_userns=0 "
    "(Ubuntu), kernel.unprivileged_userns_clone=1 (older Debian), "
    "user.max_user_namespaces=15000",
)

_CHECKS = (
    _Check(
        "namespaces",
        "unshare mount, pid, network, ipc and uts namespaces",
        trials.namespaces,
        "must",
        "no containers",
        _PRIVILEGED,
    ),
    _Check(
        "cgroup-namespace",
        "unshare(CLONE_NEWCGROUP)",
        trials.cgroup_namespace,
        "should",
        "containers see the machine's cgroup paths",
        _OTHER_KERNEL,
    ),
    _Check(
        "overlay",
        "mount an overlay in the data folder, replace a lower folder",
        trials.overlay,
        "must",
        "no layers on top of one another in this folder",
        "choose a data folder on ext4, xfs or btrfs with --data-root: overlayfs can't "
        "write to another overlay, to network or Windows file systems",
    ),
    _Check(
        "proc",
        "mount proc in a new pid namespace",
        trials.proc,
        "must",
        "programs in a container would find no /proc",
        _BARE_ROOT + "--security-opt systempaths=unconfined, or --privileged",
    ),
    _Check(
        "sysfs",
        "mount sysfs in a new network namespace",
        trials.sysfs,
        "must",
        "programs in a container would find no /sys",
        _PRIVILEGED,
    ),
    _Check(
        "dev",
        "mount tmpfs, devpts and mqueue",
        trials.dev,
        "must",
        "containers would have no /dev and no terminals",
        _PRIVILEGED,
    ),
    _Check(
        "pivot-root",
        "pivot_root(2) onto a tmpfs",
        trials.pivot_root,
        "must",
        "a container can't leave the machine's file system behind",
        _PRIVILEGED,
    ),
    _Check(
        "device-nodes",
        "mknod /dev/null and open it",
        trials.device_nodes,
        "should",
        "device nodes are bind-mounted from the machine",
        _AS_ROOT,
        root_only=True,
    ),
    _Check(
        "whiteouts",
        "mknod a character device 0/0",
        trials.whiteouts,
        "must",
        "a layer can't delete what is in a lower one",
        "choose a data folder that is not on an overlay with --data-root",
    ),
    _Check(
        "bridge",
        "make a bridge and a veth pair",
        trials.links_and_bridges,
        "must",
        "no container networks",
        _OTHER_KERNEL + " (with bridge and veth)",
    ),
    _Check(
        "nat",
        "add a masquerade rule to nf_tables",
        trials.masquerading,
        "should",
        "no way out of container networks; published ports work",
        "load the kernel modules nf_tables and nft_masq, or " + _OTHER_KERNEL,
    ),
    _Check(
        "forwarding",
        "write ip_forward in a new network namespace",
        trials.forwarding,
        "should",
        "no way out of container networks; published ports work",
        _PRIVILEGED,
    ),
    _Check(
        "seccomp",
        "load a filter",
        trials.seccomp,
        "should",
        "containers may make every system call",
        _OTHER_KERNEL + " (with CONFIG_SECCOMP_FILTER)",
    ),
)


def probe(folder: Path, as_root: bool | None = None) -> Report:
    """Try everything on behalf of an engine whose data lies in ``folder``.

    Args:
        folder: it, or the folder above that exists.
        as_root: False tries as an ordinary user would, in a user namespace.

    The calling process must have one thread, as it forks.
    """
    is_root = os.geteuid() == 0 if as_root is None else as_root
    checks = _CHECKS if is_root else (_USER_NAMESPACE, *_CHECKS)
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=folder))
    try:
        findings = tuple(
            _run(check, Place(scratch / check.name, is_root))
            for check in checks
            if is_root or not check.root_only
        )
    finally:
        _remove(scratch)
    return Report(findings)


def existing_folder(path: Path) -> Path:
    """Return the nearest folder at or above a path that is there."""
    while not path.is_dir():
        path = path.parent
    return path


def _run(check: _Check, place: Place) -> Finding:
    place.scratch.mkdir()
    outcome = try_in_child(lambda: check.trial(place))
    if outcome.ok:
        return Finding(check.name, check.tried, check.need, outcome)
    return Finding(
        check.name,
        check.tried,
        check.need,
        outcome,
        check.consequence,
        check.remedy,
    )


def _remove(scratch: Path) -> None:
    # Overlayfs leaves a folder of mode 0 in its work folder.
    for folder, names, _ in os.walk(scratch):
        for name in names:
            (Path(folder) / name).chmod(0o700)
    shutil.rmtree(scratch)
