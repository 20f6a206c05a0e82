"""What ``labkit doctor`` looks at beside the kernel: cgroups, disk, tools."""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from labkit.base.errors import LabError, os_reason
from labkit.cgroups.hierarchy import Kind, read_hierarchy
from labkit.cgroups.manager import open_manager
from labkit.daemon.docker_host import DEFAULT_SOCKET, ask_engine, find_docker_host
from labkit.kernel.netlink.routes import list_routes
from labkit.kernel.netlink.transport import NETLINK_ROUTE, NetlinkSocket
from labkit.kernel.probe.child import Outcome, try_in_child
from labkit.kernel.probe.model import Finding
from labkit.network.ipam import choose_subnet

_NEEDED_BYTES = 3 << 30  # the bundled images, unpacked, and room to work
_VERSION_SECONDS = 3.0


def check_folder(folder: Path) -> Finding:
    """Make a folder in it: permission bits don't tell of read-only file systems."""
    try:
        Path(tempfile.mkdtemp(prefix=".labkit-probe-", dir=folder)).rmdir()
        found = (True, "")
    except OSError as error:
        found = (False, os_reason(error))
    return _finding(
        "data-folder",
        f"make a folder in {folder}",
        "must",
        found,
        (
            "nowhere to keep images and containers",
            "name another folder with --data-root",
        ),
    )


def check_cgroups() -> Finding:
    hierarchy = read_hierarchy()
    manager = open_manager(hierarchy, f"/labkit-doctor-{os.getpid()}")

    def trial() -> None:
        try:
            manager.attach_self()
        except LabError as error:
            raise OSError(0, str(error)) from error

    tried = f"make a cgroup ({hierarchy.kind.value}) and enter it"
    consequence = "no limits on memory, processors and processes; no pause"
    remedy = "as root mount the cgroup file system, or ask for a delegated subtree"
    if hierarchy.kind is Kind.NONE:
        outcome = Outcome(False, "ENOENT", "no cgroup file system is mounted")
        return Finding("cgroups", tried, "should", outcome, consequence, remedy)
    try:
        manager.create()
        outcome = try_in_child(trial)
    except LabError as error:
        outcome = Outcome(False, "EACCES", str(error))
    finally:
        outcome = _clean_up(manager.delete) or outcome
    if outcome.ok:
        return Finding("cgroups", tried, "should", outcome)
    return Finding("cgroups", tried, "should", outcome, consequence, remedy)


def check_disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    shown = f"{free / (1 << 30):.1f} GiB free in {folder}"
    return _finding(
        "disk",
        "look at the free space",
        "should",
        (free >= _NEEDED_BYTES, shown),
        (
            "the bundled images may not fit",
            "make room, or name another folder with --data-root",
        ),
    )


def check_subnet() -> Finding:
    with NetlinkSocket(NETLINK_ROUTE) as netlink:
        routes = [route.destination for route in list_routes(netlink)]
    try:
        subnet = choose_subnet(None, routes=[route for route in routes if route])
        ok, shown = True, f"{subnet} is free"
    except LabError as error:
        ok, shown = False, str(error)
    return _finding(
        "subnet",
        "look for an address range that no route uses",
        "should",
        (ok, shown),
        ("networks need an explicit --subnet", "docker network create --subnet ..."),
    )


def check_docker_cli() -> Finding:
    program = shutil.which("docker")
    if program is None:
        shown = "none in PATH"
    else:
        try:
            done = subprocess.run(
                [program, "--version"],
                capture_output=True,
                text=True,
                timeout=_VERSION_SECONDS,
                check=True,
            )
            shown = f"{done.stdout.strip()} ({program})"
        except (OSError, subprocess.SubprocessError) as error:
            program, shown = None, str(error)
    return _finding(
        "docker-cli",
        "look for the docker command",
        "info",
        (program is not None, shown),
        ("commands are typed with the one that comes with labkit", ""),
    )


def check_jupyter() -> Finding:
    found = importlib.util.find_spec("jupyterlab") is not None
    return _finding(
        "jupyter",
        "look for JupyterLab beside us",
        "should",
        (found, f"for {sys.executable}" if found else "not installed"),
        ("the course runs in the terminal only", "pip install jupyterlab"),
    )


def check_other_engine() -> Finding:
    if not os.path.exists(DEFAULT_SOCKET):
        shown = f"none at {DEFAULT_SOCKET}"
    else:
        shown = ask_engine(f"unix://{DEFAULT_SOCKET}").detail
    # Ours and another live side by side: this is only good to know.
    return _finding("other-engine", "look for a Docker Engine", "info", (True, shown))


def check_docker_host() -> Finding:
    found = find_docker_host()
    tried = "ask the engine of DOCKER_HOST"
    return _finding("docker-host", tried, "info", (found.ok, found.detail))


def check_user_ids() -> Finding:
    has_tool = shutil.which("newuidmap") is not None
    try:
        has_range = any(
            line.split(":")[0] in (os.environ.get("USER", ""), str(os.geteuid()))
            for line in Path("/etc/subuid").read_text().splitlines()
        )
    except FileNotFoundError:
        has_range = False
    return _finding(
        "user-ids",
        "look for newuidmap and our range in /etc/subuid",
        "info",
        (has_tool and has_range, "there" if has_tool and has_range else "not there"),
        (
            "without root's rights a container would have one user id",
            "install the package uidmap; "
            "sudo usermod --add-subuids 100000-165535 $USER",
        ),
    )


def _finding(
    name: str,
    tried: str,
    need: str,
    found: tuple[bool, str],
    meaning: tuple[str, str] = ("", ""),
) -> Finding:
    """``found`` is whether it is well and what was seen; ``meaning`` and remedy."""
    ok, shown = found
    outcome = Outcome(ok, "", shown)
    consequence, remedy = ("", "") if ok else meaning
    return Finding(name, tried, need, outcome, consequence, remedy)


def _clean_up(delete: Callable[[], None]) -> Outcome | None:
    try:
        delete()
    except LabError as error:
        return Outcome(False, "EBUSY", str(error))
    return None
