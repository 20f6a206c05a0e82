"""What of ours is on the machine: mounts, interfaces, cgroups, rules, processes.

A test run takes stock before its first test and after the engines that it started for
all tests have ended (``conftest.py``); the difference has to be empty. Only names that
labkit or its tests give are looked at, so that whatever else the machine does is none
of our business.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.waiting import has_ended

MOUNTS = re.compile(r"labkit|/lk[^/]*/|pytest-of-")
INTERFACES = re.compile(r"^(lk|lab|veth|br-)")
PROCESSES = re.compile(r"labkit-|labkit\.(daemon|network|runtime)|-m labkit")


def take_stock() -> set[str]:
    """List everything of ours, one line each, fit to be compared and to be read."""
    return {*_mounts(), *_interfaces(), *_cgroups(), *_tables(), *_processes()}


def _mounts() -> Iterator[str]:
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        target = line.split()[4]
        if MOUNTS.search(target):
            yield f"mount {target}"


def _interfaces() -> Iterator[str]:
    for path in Path("/sys/class/net").iterdir():
        if INTERFACES.search(path.name):
            yield f"interface {path.name}"


def _cgroups() -> Iterator[str]:
    root = Path("/sys/fs/cgroup")
    for folder, names, _ in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        for name in names:
            if "labkit" in name:
                yield f"cgroup {folder}/{name}"
        if depth >= 3:
            names.clear()


def _tables() -> Iterator[str]:
    if os.geteuid() != 0 or shutil.which("nft") is None:
        return
    command = ["nft", "-j", "list", "tables"]
    listing = subprocess.run(command, capture_output=True, check=True).stdout
    for entry in json.loads(listing)["nftables"]:
        table = entry.get("table")
        if table and table["name"].startswith("labkit"):
            yield f"firewall table {table['name']}"


def _processes() -> Iterator[str]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        try:
            if has_ended(int(folder.name)):
                continue
            name = (folder / "comm").read_text().strip()
            arguments = (folder / "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:  # it ended while we looked
            continue
        if PROCESSES.search(name) or PROCESSES.search(
            arguments.decode("utf-8", "replace")
        ):
            yield f"process {folder.name} {name}"
