"""Docker's file format: rules that depend on the situation."""

import json
from typing import Any

import pytest

from labkit.base.errors import InvalidInputError
from labkit.kernel.seccomp_policy import load_profile, parse_kernel
from labkit.spec.runtime import Seccomp, SeccompArgument


def load(
    *rules: dict[str, Any],
    capabilities: tuple[str, ...] = (),
    kernel: str = "6.1.0",
    arch: str = "x86_64",
    **fields: Any,
) -> Seccomp:
    document = {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": list(rules), **fields}
    return load_profile(json.dumps(document).encode(), capabilities, kernel, arch)


def rule(name: str, **fields: Any) -> dict[str, Any]:
    return {"names": [name], "action": "SCMP_ACT_ALLOW", **fields}


def kept(seccomp: Seccomp) -> list[str]:
    return [name for found in seccomp.syscalls for name in found.names]


def test_reads_everything() -> None:
    argument = {"index": 1, "value": 2, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"}
    found = load(
        rule("clone", args=[argument], errnoRet=None, comment="x"),
        {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
        defaultErrnoRet=1,
        archMap=[{"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["X"]}],
    )
    assert found.default_errno_ret == 1
    assert found.architectures == ("SCMP_ARCH_X86_64",)
    assert found.syscalls[0].args == (SeccompArgument(1, 2, "SCMP_CMP_MASKED_EQ", 3),)
    assert found.syscalls[1].errno_ret == 38


def test_null_lists_and_the_old_spelling() -> None:
    found = load(
        {"name": "read", "action": "SCMP_ACT_ALLOW", "args": None, "includes": {}}
    )
    assert kept(found) == ["read"]


def test_capabilities_open_and_close_rules() -> None:
    rules = (
        rule("mount", includes={"caps": ["CAP_SYS_ADMIN"]}),
        rule("clone", excludes={"caps": ["CAP_SYS_ADMIN"]}),
    )
    assert kept(load(*rules)) == ["clone"]
    assert kept(load(*rules, capabilities=("CAP_SYS_ADMIN",))) == ["mount"]


def test_all_capabilities_named_are_needed() -> None:
    both = rule("x", includes={"caps": ["CAP_CHOWN", "CAP_KILL"]})
    assert kept(load(both, capabilities=("CAP_CHOWN",))) == []
    assert kept(load(both, capabilities=("CAP_CHOWN", "CAP_KILL"))) == ["x"]


def test_architectures_have_gos_names() -> None:
    rules = (
        rule("arch_prctl", includes={"arches": ["amd64"]}),
        rule("cacheflush", includes={"arches": ["arm", "arm64"]}),
        rule("clone", excludes={"arches": ["arm64"]}),
    )
    assert kept(load(*rules)) == ["arch_prctl", "clone"]
    assert kept(load(*rules, arch="aarch64")) == ["cacheflush"]


@pytest.mark.parametrize(
    ("kernel", "expected"),
    [("4.7.9", ["old"]), ("4.8", ["new"]), ("4.18-x", ["new"]), ("10.0", ["new"])],
)
def test_kernels_are_compared_as_numbers(kernel: str, expected: list[str]) -> None:
    rules = (
        rule("new", includes={"minKernel": "4.8"}),
        rule("old", excludes={"minKernel": "4.8"}),
    )
    assert kept(load(*rules, kernel=kernel)) == expected


def test_refuses_other_files() -> None:
    with pytest.raises(InvalidInputError, match="decoding seccomp profile failed"):
        load_profile(b"{", ())
    with pytest.raises(InvalidInputError, match="seccomp"):
        load_profile(b"[]", ())
    with pytest.raises(InvalidInputError, match=r"syscalls\[0\] needs either"):
        load({"action": "SCMP_ACT_ALLOW"})
    with pytest.raises(InvalidInputError, match=r"syscalls\[0\] needs either"):
        load({**rule("a"), "name": "b"})
    with pytest.raises(InvalidInputError, match="'architectures' and 'archMap'"):
        load(architectures=["A"], archMap=[{"architecture": "A"}])
    with pytest.raises(InvalidInputError, match="invalid kernel version 'x'"):
        parse_kernel("x")
