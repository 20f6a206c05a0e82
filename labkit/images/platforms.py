"""Which of an index's images is for whom: ``linux/arm64/v8`` and its spellings.

After containerd's ``platforms`` package, in whose words clients know the errors.
"""

import re
from collections.abc import Iterable

from labkit.base.errors import InvalidInputError
from labkit.base.machine import host_architecture
from labkit.spec.image import Descriptor, Platform

_PART = re.compile(r"[A-Za-z0-9_-]+")
_MOST_PARTS = 3
_ARCHITECTURES = {
    "x86_64": "amd64",
    "x86-64": "amd64",
    "aarch64": "arm64",
    "armhf": "arm",
    "armel": "arm",
    "i386": "386",
}
_DEFAULT_VARIANTS = {"arm64": "v8", "arm": "v7"}
_KNOWN = frozenset(
    {
        *("386", "amd64", "arm", "arm64", "loong64", "mips64", "mips64le"),
        *("ppc64le", "riscv64", "s390x", "wasm"),
    }
)
_SYSTEMS = frozenset({"linux", "windows", "darwin", "freebsd"})


def host_platform() -> Platform:
    """Return what runs here."""
    return Platform(host_architecture(), "linux")


def parse_platform(text: str) -> Platform:
    """Read ``os/architecture[/variant]``, or one of the two alone.

    Raises:
        InvalidInputError: it is no platform.
    """
    parts = text.split("/")
    if len(parts) > _MOST_PARTS or not all(map(_PART.fullmatch, parts)):
        raise InvalidInputError(
            f'"{text}": cannot parse platform specifier: invalid argument'
        )
    first = parts[0].lower()
    if len(parts) == 1:
        if first in _SYSTEMS:
            return Platform(host_architecture(), first)
        architecture = _ARCHITECTURES.get(first, first)
        if architecture not in _KNOWN:
            raise InvalidInputError(
                f'"{text}": unknown operating system or architecture: invalid argument'
            )
        return Platform(architecture, "linux")
    architecture = parts[1].lower()
    variant = parts[2].lower() if len(parts) == _MOST_PARTS else None
    return Platform(_ARCHITECTURES.get(architecture, architecture), first, variant)


def matches(found: Platform, wanted: Platform) -> bool:
    """Say whether an image for one platform is for another."""
    if (found.os, found.architecture) != (wanted.os, wanted.architecture):
        return False
    default = _DEFAULT_VARIANTS.get(wanted.architecture)
    return wanted.variant is None or wanted.variant == (found.variant or default)


def choose(descriptors: Iterable[Descriptor], wanted: Platform) -> Descriptor | None:
    """Return the first that is for a platform; one that says nothing is for any.

    Builders add attestations under the platform ``unknown/unknown``, which nobody is.
    """
    anyone: Descriptor | None = None
    for descriptor in descriptors:
        if descriptor.platform is None:
            anyone = anyone or descriptor
        elif matches(descriptor.platform, wanted):
            return descriptor
    return anyone


def spell(platform: Platform) -> str:
    """Write a platform as people do."""
    parts = (platform.os, platform.architecture, platform.variant)
    return "/".join(part for part in parts if part)
