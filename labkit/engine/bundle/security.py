"""What a container's root may still do: capabilities and system calls."""

from functools import lru_cache
from pathlib import Path

from labkit.base.errors import InvalidInputError
from labkit.base.go_text import TRUTHS
from labkit.engine.model import HostConfig
from labkit.kernel.capabilities import (
    DEFAULT_CAPABILITIES,
    NAMES,
    bounding_set,
    last_capability,
    normalise_capability,
)
from labkit.kernel.seccomp_profile import default_profile, load_profile
from labkit.spec.runtime import CapabilitySets, Seccomp


def build_capabilities(host: HostConfig, uid: int) -> CapabilitySets:
    """Return the five sets.

    A process that is not root starts without effective ones: execve(2) by an ordinary
    user clears them, unless they are ambient, and Docker gives no ambient ones.
    """
    names = chosen_capabilities(host)
    if uid == 0:
        return CapabilitySets(bounding=names, effective=names, permitted=names)
    return CapabilitySets(bounding=names)


def chosen_capabilities(host: HostConfig) -> tuple[str, ...]:
    """Return Docker's fourteen, or all; --cap-add and --cap-drop, in kernel order."""
    everything = NAMES[: _last_capability() + 1]
    added = {name.upper() for name in host.cap_add}
    dropped = {name.upper() for name in host.cap_drop}
    if host.privileged or "ALL" in added:
        chosen = set(everything)
    elif "ALL" in dropped:
        chosen = set()
    else:
        chosen = set(DEFAULT_CAPABILITIES)
    if not host.privileged:
        chosen |= {normalise_capability(name) for name in added - {"ALL"}}
        chosen -= {normalise_capability(name) for name in dropped - {"ALL"}}
    # What we do not hold ourselves we can't give (capabilities(7), bounding set).
    available = _bounding_set()
    return tuple(name for name in everything if name in chosen and name in available)


def build_seccomp(host: HostConfig) -> Seccomp | None:
    """Return the filter's rules; None for a container without one.

    Raises:
        InvalidInputError: --security-opt seccomp= holds no profile.
    """
    chosen = security_option(host, "seccomp")
    if host.privileged and not chosen:
        return None
    if chosen == "unconfined":
        return None
    capabilities = frozenset(chosen_capabilities(host))
    if not chosen or chosen == "builtin":
        return _default_seccomp(capabilities)
    try:
        return load_profile(chosen.encode(), capabilities)
    except InvalidInputError as error:
        raise InvalidInputError(f"Decoding seccomp profile failed: {error}") from error


def forbids_new_privileges(host: HostConfig) -> bool:
    """Tell whether --security-opt no-new-privileges was said."""
    return _is_switched_on(host, "no-new-privileges")


def has_writable_cgroups(host: HostConfig) -> bool:
    """Tell whether a container may change its own limits."""
    if security_option(host, "writable-cgroups") is None:
        return host.privileged
    return _is_switched_on(host, "writable-cgroups")


def security_option(host: HostConfig, name: str) -> str | None:
    """Return the value of the last --security-opt of a name, "" without a value."""
    found = None
    for option in host.security_opt:
        key, value = split_security_option(option)
        if key == name:
            found = value
    return found


def split_security_option(option: str) -> tuple[str, str]:
    """Cut at the equals sign; without one at the colon, as long ago.

    A seccomp profile is JSON and full of colons.
    """
    key, _, value = option.partition("=" if "=" in option else ":")
    return key, value


def _is_switched_on(host: HostConfig, name: str) -> bool:
    value = security_option(host, name)
    return value == "" or (value is not None and TRUTHS.get(value, False))


@lru_cache(maxsize=64)
def _default_seccomp(capabilities: frozenset[str]) -> Seccomp:
    return default_profile(capabilities)


@lru_cache(maxsize=1)
def _bounding_set() -> frozenset[str]:
    return frozenset(bounding_set())


@lru_cache(maxsize=1)
def _last_capability() -> int:
    return last_capability(Path("/proc/sys/kernel/cap_last_cap"))
