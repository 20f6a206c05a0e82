"""Which namespaces clone(2) makes."""

from pathlib import Path

from labkit.kernel.flags import CloneFlag
from labkit.runtime.birth import home_of, new_namespaces
from labkit.runtime.bundle import Bundle
from labkit.runtime.model import IoOptions
from labkit.spec.runtime import Linux, Namespace, Process, Spec


def _flags(*namespaces: Namespace) -> CloneFlag:
    return new_namespaces(_spec(*namespaces))


def _spec(*namespaces: Namespace) -> Spec:
    return Spec(Process(("true",)), linux=Linux(namespaces=namespaces))


def test_makes_what_has_no_path() -> None:
    made = _flags(Namespace("mount"), Namespace("network", "/proc/1/ns/net"))
    assert made is CloneFlag.NEWNS


def test_leaves_the_cgroup_namespace_to_init() -> None:
    assert _flags(Namespace("pid"), Namespace("cgroup")) is CloneFlag.NEWPID


def test_remembers_whose_pids_are_its_own() -> None:
    own = home_of(Bundle(Path("/c"), _spec(Namespace("pid"))), IoOptions())
    other = Namespace("pid", "/proc/1/ns/pid")
    joined = home_of(Bundle(Path("/c"), _spec(other)), IoOptions())
    assert (own.has_own_pids, joined.has_own_pids) == (True, False)


def test_remembers_the_filter_as_text() -> None:
    home = home_of(Bundle(Path("/c"), _spec(), b"\x06\0"), IoOptions())
    assert home.seccomp == "0600"
