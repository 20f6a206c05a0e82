"""Capabilities, seccomp, no_new_privs."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.bundle.security import (
    build_capabilities,
    build_seccomp,
    chosen_capabilities,
    forbids_new_privileges,
    has_writable_cgroups,
    security_option,
    split_security_option,
)
from labkit.engine.model import HostConfig
from labkit.kernel.capabilities import DEFAULT_CAPABILITIES, bounding_set

OURS = set(bounding_set())


def test_docker_gives_fourteen() -> None:
    assert set(chosen_capabilities(HostConfig())) == set(DEFAULT_CAPABILITIES) & OURS


def test_adds_and_drops_by_any_spelling() -> None:
    host = HostConfig(cap_add=("net_admin",), cap_drop=("CAP_CHOWN", "MKNOD"))
    chosen = set(chosen_capabilities(host))
    wanted = set(DEFAULT_CAPABILITIES) | {"CAP_NET_ADMIN"}
    assert chosen == (wanted - {"CAP_CHOWN", "CAP_MKNOD"}) & OURS


def test_all_in_and_all_out() -> None:
    assert set(chosen_capabilities(HostConfig(cap_add=("ALL",)))) == OURS
    assert chosen_capabilities(HostConfig(cap_drop=("all",))) == ()
    only = HostConfig(cap_drop=("ALL",), cap_add=("CHOWN",))
    assert chosen_capabilities(only) == ("CAP_CHOWN",)
    without = HostConfig(cap_add=("ALL",), cap_drop=("SYS_ADMIN",))
    assert "CAP_SYS_ADMIN" not in chosen_capabilities(without)


def test_privileged_ignores_what_was_dropped() -> None:
    host = HostConfig(privileged=True, cap_drop=("ALL",))
    assert set(chosen_capabilities(host)) == OURS


def test_only_root_has_effective_ones() -> None:
    root = build_capabilities(HostConfig(), 0)
    assert root.effective == root.permitted == root.bounding != ()
    user = build_capabilities(HostConfig(), 1000)
    assert user.effective == user.permitted == user.ambient == ()
    assert user.bounding == root.bounding


def test_seccomp_is_on_unless_told_otherwise() -> None:
    profile = build_seccomp(HostConfig())
    assert profile is not None
    assert profile.default_action == "SCMP_ACT_ERRNO"
    assert build_seccomp(HostConfig(privileged=True)) is None
    assert build_seccomp(HostConfig(security_opt=("seccomp=unconfined",))) is None
    assert build_seccomp(HostConfig(security_opt=("seccomp:unconfined",))) is None


def test_refuses_a_profile_that_is_none() -> None:
    with pytest.raises(InvalidInputError, match="Decoding seccomp profile failed"):
        build_seccomp(HostConfig(security_opt=("seccomp={not json",)))


def test_no_new_privileges() -> None:
    assert not forbids_new_privileges(HostConfig())
    for option in ("no-new-privileges", "no-new-privileges:true"):
        assert forbids_new_privileges(HostConfig(security_opt=(option,)))
    off = HostConfig(security_opt=("no-new-privileges=false",))
    assert not forbids_new_privileges(off)


def test_the_last_option_of_a_name_counts() -> None:
    host = HostConfig(security_opt=("seccomp=a", "seccomp=b"))
    assert security_option(host, "seccomp") == "b"
    assert security_option(host, "apparmor") is None


def test_a_profile_is_full_of_colons() -> None:
    profile = 'seccomp={"defaultAction":"SCMP_ACT_ALLOW","syscalls":[]}'
    found = build_seccomp(HostConfig(security_opt=(profile,)))
    assert found is not None
    assert found.default_action == "SCMP_ACT_ALLOW"


def test_who_may_write_to_cgroups() -> None:
    assert not has_writable_cgroups(HostConfig())
    assert has_writable_cgroups(HostConfig(privileged=True))
    assert has_writable_cgroups(HostConfig(security_opt=("writable-cgroups",)))
    refused = HostConfig(privileged=True, security_opt=("writable-cgroups=false",))
    assert not has_writable_cgroups(refused)


def test_cuts_an_option_at_the_equals_sign() -> None:
    assert split_security_option("label=user:me") == ("label", "user:me")
    assert split_security_option("label:disable") == ("label", "disable")
