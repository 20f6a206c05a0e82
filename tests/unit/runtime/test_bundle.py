"""Bundles: written and read back, and refused for a reason."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, NotFoundError, UnsupportedError
from labkit.kernel.capabilities import DEFAULT_CAPABILITIES
from labkit.kernel.seccomp import compile_filter
from labkit.kernel.seccomp_profile import default_profile
from labkit.runtime.bundle import (
    compile_profile,
    prepare_bundles,
    read_bundle,
    read_spec,
    write_bundle,
)
from labkit.spec.runtime import (
    CapabilitySets,
    Device,
    Linux,
    Mount,
    Namespace,
    Process,
    Rlimit,
    Seccomp,
    SeccompRule,
    Spec,
)

SPEC = Spec(
    process=Process(args=("true",)), linux=Linux(namespaces=(Namespace("mount"),))
)


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    write_bundle(tmp_path, SPEC)
    assert read_spec(tmp_path) == SPEC
    bundle = read_bundle(tmp_path)
    assert (bundle.spec, bundle.seccomp) == (SPEC, None)
    assert bundle.cgroups_path == f"/{tmp_path.name}"


def test_compiles_the_seccomp_profile(tmp_path: Path) -> None:
    profile = Seccomp(
        "SCMP_ACT_ERRNO", syscalls=(SeccompRule(("read",), "SCMP_ACT_ALLOW"),)
    )
    write_bundle(tmp_path, replace(SPEC, linux=replace(SPEC.linux, seccomp=profile)))
    program = read_bundle(tmp_path).seccomp
    assert program is not None
    assert len(program) % 8 == 0


def test_the_usual_profile_is_compiled_ahead(tmp_path: Path) -> None:
    prepare_bundles()
    profile = default_profile(DEFAULT_CAPABILITIES)
    write_bundle(tmp_path, replace(SPEC, linux=replace(SPEC.linux, seccomp=profile)))
    compiled = compile_profile.cache_info().misses
    assert read_bundle(tmp_path).seccomp == compile_filter(profile)
    assert compile_profile.cache_info().misses == compiled


def test_says_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no bundle at"):
        read_bundle(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"process": 7}'])
def test_refuses_what_is_no_bundle(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(InvalidInputError):
        read_bundle(tmp_path)


def _process(**changes: object) -> Spec:
    return replace(SPEC, process=replace(SPEC.process, **changes))


def _linux(**changes: object) -> Spec:
    return replace(SPEC, linux=replace(SPEC.linux, **changes))


_MOUNT = Namespace("mount")


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        (_process(args=()), "args must not be empty"),
        (_process(cwd="tmp"), "absolute path"),
        (_process(args=("a\0b",)), "null byte"),
        (_process(rlimits=(Rlimit("RLIMIT_X", 1, 1),)), "unknown rlimit"),
        (_process(capabilities=CapabilitySets(("CAP_X",))), "unknown capability"),
        (_linux(namespaces=()), "mount namespace"),
        (_linux(namespaces=(Namespace("mount", "/x"),)), "mount namespace"),
        (_linux(namespaces=(_MOUNT, _MOUNT)), "listed twice"),
        (_linux(namespaces=(_MOUNT, Namespace("moon"))), "unknown namespace"),
        (_linux(sysctl={"net.ipv4.ip_forward": "1"}), "not allowed in host network"),
        (_linux(sysctl={"kernel.core_pattern": "|/x"}), "separate kernel namespace"),
        (_linux(sysctl={"kernel.domainname": "x"}), "separate kernel namespace"),
        (_linux(sysctl={"vm.overcommit_memory": "1"}), "separate kernel namespace"),
        (_linux(sysctl={"kernel.hostname": "x"}), 'the OCI "hostname" field'),
        (_linux(sysctl={"kernel.shmmax": "1"}), "hosts ipc namespace"),
        (_linux(sysctl={"fs.mqueue.msg_max": "1"}), "hosts ipc namespace"),
        (_linux(devices=(Device("/dev/x", "z"),)), "unknown type"),
        (replace(SPEC, hostname="x"), "without a uts namespace"),
        (replace(SPEC, mounts=(Mount("data"),)), "not absolute"),
    ],
)
def test_refuses_what_cannot_work(tmp_path: Path, spec: Spec, text: str) -> None:
    write_bundle(tmp_path, spec)
    with pytest.raises(InvalidInputError, match=text):
        read_bundle(tmp_path)


def test_takes_what_the_containers_own_namespaces_keep(tmp_path: Path) -> None:
    kinds = (_MOUNT, Namespace("network"), Namespace("ipc"), Namespace("uts"))
    names = (
        "net.core.somaxconn",
        "kernel.shmmax",
        "fs.mqueue.msg_max",
        "kernel.domainname",
    )
    spec = _linux(namespaces=kinds, sysctl=dict.fromkeys(names, "1"))
    write_bundle(tmp_path, spec)
    assert read_bundle(tmp_path).spec == spec


def test_says_that_user_namespaces_come_later(tmp_path: Path) -> None:
    write_bundle(tmp_path, _linux(namespaces=(_MOUNT, Namespace("user"))))
    with pytest.raises(UnsupportedError, match="user namespaces"):
        read_bundle(tmp_path)
