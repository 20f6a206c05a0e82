"""Docker's form of a seccomp policy, and how it becomes the runtime's.

Docker's file says more than OCI's: a rule may hold only on some architectures, from
some kernel on, or with (without) some capability of the container. ``--cap-add
SYS_ADMIN`` thereby opens ``mount`` in the filter, too. ``select`` carries that out and
leaves plain OCI rules. The same types serve Docker's default policy
(``seccomp_profile``) and the file of ``--security-opt seccomp=FILE``.
"""

import json
import platform
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from labkit.base.codec import camel_case, decode, key
from labkit.base.errors import InvalidInputError
from labkit.spec.runtime import Seccomp, SeccompArgument, SeccompRule

# Go's names of architectures, which the files use
_GO_ARCHES = {"x86_64": "amd64", "aarch64": "arm64"}
_SECCOMP_ARCHES = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}


@dataclass(frozen=True, slots=True)
class Condition:
    """When a rule holds: every architecture, kernel and capability part must."""

    caps: tuple[str, ...] = ()
    arches: tuple[str, ...] = ()
    min_kernel: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """A rule of the file. ``name`` is the spelling of the first years."""

    action: str
    names: tuple[str, ...] = ()
    name: str | None = None
    errno_ret: int | None = None
    args: tuple[SeccompArgument, ...] = ()
    includes: Condition = field(default_factory=Condition)
    excludes: Condition = field(default_factory=Condition)


@dataclass(frozen=True, slots=True)
class ArchitectureMap:
    architecture: str
    sub_architectures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole file."""

    default_action: str
    default_errno_ret: int | None = None
    architectures: tuple[str, ...] = ()
    arch_map: tuple[ArchitectureMap, ...] = field(default=(), metadata=key("archMap"))
    syscalls: tuple[ProfileRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule's conditions are held against."""

    capabilities: frozenset[str]
    machine: str
    kernel: tuple[int, int]


def describe_situation(
    capabilities: Collection[str],
    kernel_version: str | None = None,
    machine: str | None = None,
) -> Situation:
    """Fill in this machine's kernel and architecture where nothing is said."""
    return Situation(
        frozenset(capabilities),
        machine or platform.machine(),
        parse_kernel(kernel_version or platform.release()),
    )


def load_profile(
    document: bytes,
    capabilities: Collection[str],
    kernel_version: str | None = None,
    arch: str | None = None,
) -> Seccomp:
    """Read a file in Docker's format for a container with these capabilities.

    Raises:
        InvalidInputError: it is no such file; the message says where.
    """
    try:
        parsed = json.loads(document)
    except ValueError as error:
        raise InvalidInputError(f"decoding seccomp profile failed: {error}") from error
    profile = decode(Profile, parsed, camel_case, "seccomp")
    if profile.architectures and profile.arch_map:
        raise InvalidInputError(
            "both 'architectures' and 'archMap' are specified in the seccomp profile"
        )
    for index, rule in enumerate(profile.syscalls):
        if bool(rule.name) == bool(rule.names):
            raise InvalidInputError(
                f"seccomp.syscalls[{index}] needs either 'name' or 'names'"
            )
    return select(profile, describe_situation(capabilities, kernel_version, arch))


def select(profile: Profile, situation: Situation) -> Seccomp:
    """Keep the rules that hold in a situation."""
    rules = tuple(
        SeccompRule(
            names=rule.names or (rule.name or "",),
            action=rule.action,
            errno_ret=rule.errno_ret,
            args=rule.args,
        )
        for rule in profile.syscalls
        if _holds(rule, situation)
    )
    own = _SECCOMP_ARCHES.get(situation.machine)
    return Seccomp(
        default_action=profile.default_action,
        default_errno_ret=profile.default_errno_ret,
        # Programs of other architectures (32 bit, x32) are not let in.
        architectures=(own,) if own else (),
        syscalls=rules,
    )


def parse_kernel(version: str) -> tuple[int, int]:
    """Return the first two numbers of ``6.18.44-generic``."""
    found = re.match(r"(\d+)\.(\d+)", version)
    if not found:
        raise InvalidInputError(f"invalid kernel version {version!r}")
    return int(found[1]), int(found[2])


def _holds(rule: ProfileRule, situation: Situation) -> bool:
    machine = _GO_ARCHES.get(situation.machine, situation.machine)
    wanted, unwanted = rule.includes, rule.excludes
    if machine in unwanted.arches or situation.capabilities & set(unwanted.caps):
        return False
    if unwanted.min_kernel and situation.kernel >= parse_kernel(unwanted.min_kernel):
        return False
    if wanted.arches and machine not in wanted.arches:
        return False
    if not set(wanted.caps) <= situation.capabilities:
        return False
    if wanted.min_kernel is None:
        return True
    return situation.kernel >= parse_kernel(wanted.min_kernel)
