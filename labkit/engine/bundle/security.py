"""What a container's root may still do: capabilities and system calls."""

from functools import lru_cache
from pathlib import Path

from labkit.base.errors import InvalidInputError
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
    value = security_option(host, "no-new-privileges")
    return value in ("", "true") if value is not None else False


def security_option(host: HostConfig, name: str) -> str | None:
    """Return the value of the last --security-opt of a name, "" without a value."""
    found = None
    for option in host.security_opt:
        key, _, value = option.replace(":", "=", 1).partition("=")
        if key == name:
            found = value
    return found


@lru_cache(maxsize=64)
def _default_seccomp(capabilities: frozenset[str]) -> Seccomp:
    return default_profile(capabilities)


@lru_cache(maxsize=1)
def _bounding_set() -> frozenset[str]:
    return frozenset(bounding_set())


@lru_cache(maxsize=1)
def _last_capability() -> int:
    return last_capability(Path("/proc/sys/kernel/cap_last_cap"))
