"""Which namespaces clone(2) makes."""

from pathlib import Path

from labkit.kernel.flags import CloneFlag
from labkit.runtime.birth import new_namespaces
from labkit.runtime.bundle import Bundle
from labkit.spec.runtime import Linux, Namespace, Process, Spec


def _flags(*namespaces: Namespace) -> CloneFlag:
    spec = Spec(Process(("true",)), linux=Linux(namespaces=namespaces))
    return new_namespaces(Bundle(Path("/c"), spec))


def test_makes_what_has_no_path() -> None:
    made = _flags(Namespace("mount"), Namespace("network", "/proc/1/ns/net"))
    assert made is CloneFlag.NEWNS


def test_leaves_the_cgroup_namespace_to_init() -> None:
    assert _flags(Namespace("pid"), Namespace("cgroup")) is CloneFlag.NEWPID
