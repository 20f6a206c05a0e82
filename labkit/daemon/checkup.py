"""Examines a Linux machine for ``labkit doctor``, and words the result.

What needs the kernel is tried (``kernel.probe``), cgroups likewise; tools, disk and
subnets are looked up. From all that follows the *mode*:

    full             root, and everything works
    degraded         root, everything that must work works, something else does not
    rootless         an ordinary user's containers would work, with all user ids
    rootless-single  the same with one user id: images with several owners fail
    docker-host      DOCKER_HOST leads to an engine, and the course runs on that
    none             no way
"""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from labkit.base.home import default_data_root
from labkit.cgroups.hierarchy import read_hierarchy
from labkit.daemon.machine_checks import (
    check_cgroups,
    check_disk,
    check_docker_cli,
    check_docker_host,
    check_folder,
    check_jupyter,
    check_other_engine,
    check_subnet,
    check_user_ids,
)
from labkit.kernel.probe.child import Outcome
from labkit.kernel.probe.host import existing_folder, probe
from labkit.kernel.probe.model import Finding, Report


@dataclass(frozen=True, slots=True)
class Checkup:
    """Everything found out, and what follows."""

    mode: str
    can_run: bool
    advice: str
    data_root: Path
    system: dict[str, str]
    findings: tuple[Finding, ...]


def examine(data_root: Path | None = None) -> Checkup:
    """Try and look up everything; a fraction of a second."""
    root = data_root or default_data_root()
    folder = existing_folder(root)
    findings: tuple[Finding, ...] = (check_folder(folder),)
    if findings[0].ok:
        findings += probe(folder).findings
    findings += (
        check_cgroups(),
        check_disk(folder),
        check_subnet(),
        check_docker_cli(),
        check_jupyter(),
        check_other_engine(),
        check_docker_host(),
    )
    if os.geteuid() != 0:
        findings = (_NOT_ROOT, *findings, check_user_ids())
    mode, advice = decide(Report(findings), os.geteuid() == 0)
    can_run = mode in ("full", "degraded", "docker-host")
    return Checkup(mode, can_run, advice, root, _describe_system(), findings)


_NOT_ROOT = Finding(
    "root",
    "look at our user id",
    "must",
    Outcome(False, "EPERM", f"we are user {os.geteuid()}"),
    "the engine can't be started without root's rights yet",
    "sudo labkit engine start: its socket will be yours, the rest needs no sudo",
)


def decide(report: Report, is_root: bool) -> tuple[str, str]:
    """Return the mode, and one sentence on what to do."""
    docker_host = report.find("docker-host")
    if docker_host is not None and docker_host.ok:
        return "docker-host", "the course runs on the engine that DOCKER_HOST names"
    missing = [finding for finding in report.missing("must") if finding.name != "root"]
    if missing:
        first = missing[0]
        return "none", f"{first.consequence}: {first.remedy}"
    if not is_root:
        ids = report.find("user-ids")
        mode = "rootless" if ids is not None and ids.ok else "rootless-single"
        return mode, _NOT_ROOT.remedy
    if report.missing("should"):
        return "degraded", "containers run; see the warnings for what is missing"
    return "full", "everything the course needs works here"


def _describe_system() -> dict[str, str]:
    return {
        "kernel": platform.release(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "cgroups": read_hierarchy().kind.value,
        "user": str(os.geteuid()),
    }
