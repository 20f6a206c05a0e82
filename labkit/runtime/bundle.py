"""A bundle: the folder with a container's ``config.json`` (runtime-spec, bundle.md)."""

import functools
import json
import posixpath
import resource
from collections.abc import Callable, Set
from dataclasses import dataclass
from pathlib import Path

from labkit.base.codec import camel_case, decode, encode, prepare
from labkit.base.errors import InvalidInputError, NotFoundError, UnsupportedError
from labkit.base.files import write_atomically
from labkit.kernel.capabilities import DEFAULT_CAPABILITIES, capability_number
from labkit.kernel.namespaces import namespace_flag
from labkit.kernel.seccomp import compile_filter
from labkit.kernel.seccomp_profile import default_profile
from labkit.spec.runtime import Process, Seccomp, Spec

CONFIG_NAME = "config.json"

# namespaces(7) and ipc_namespaces(7): each of these has a value of its own there.
_IPC_SYSCTLS = frozenset(
    f"kernel.{name}"
    for name in (
        "msgmax",
        "msgmnb",
        "msgmni",
        "sem",
        "shmall",
        "shmmax",
        "shmmni",
        "shm_rmid_forced",
    )
)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a container is made from; ``seccomp`` is the compiled filter."""

    folder: Path
    spec: Spec
    seccomp: bytes | None = None

    @property
    def cgroups_path(self) -> str:
        return self.spec.linux.cgroups_path or f"/{self.folder.name}"


def write_bundle(folder: Path, spec: Spec) -> None:
    """Write ``config.json``, whole or not at all."""
    document = json.dumps(encode(spec, camel_case), separators=(",", ":"))
    write_atomically(folder / CONFIG_NAME, document.encode())


def read_spec(folder: Path) -> Spec:
    """Read ``config.json`` without its seccomp profile's compilation."""
    return decode(Spec, _read_document(folder), camel_case, CONFIG_NAME)


def read_bundle(folder: Path) -> Bundle:
    """Read and check ``config.json``.

    The seccomp profile is the greatest part of the file and nearly always the same one:
    it is decoded and compiled once for each text.
    """
    document = _read_document(folder)
    profile = document.get("linux", {}).pop("seccomp", None)
    spec = decode(Spec, document, camel_case, CONFIG_NAME)
    for check in CHECKS:
        check(spec)
    seccomp = compile_profile(json.dumps(profile)) if profile else None
    return Bundle(folder, spec, seccomp)


def prepare_bundles() -> None:
    """Work out ahead of time what is the same for nearly all of them.

    That are the shape of the documents and the filter of containers that are given
    neither capabilities nor a profile of their own.
    """
    prepare(Spec, camel_case)
    profile = default_profile(DEFAULT_CAPABILITIES)
    compile_profile(json.dumps(encode(profile, camel_case)))


def _read_document(folder: Path) -> dict[str, dict[str, object]]:
    path = folder / CONFIG_NAME
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise NotFoundError(f"no bundle at {str(folder)!r}") from error
    except ValueError as error:
        raise InvalidInputError(f"cannot read {str(path)!r}: {error}") from error
    if not isinstance(document, dict):
        raise InvalidInputError(f"cannot read {str(path)!r}: expected an object")
    return document


@functools.lru_cache(maxsize=64)
def compile_profile(text: str) -> bytes:
    """Return the filter for a profile's JSON."""
    path = f"{CONFIG_NAME}.linux.seccomp"
    return compile_filter(decode(Seccomp, json.loads(text), camel_case, path))


def check_namespaces(spec: Spec) -> None:
    """A mount namespace of its own is what the rest of the set-up lives in."""
    kinds = [entry.type for entry in spec.linux.namespaces]
    for kind in kinds:
        namespace_flag(kind)
    if len(set(kinds)) != len(kinds):
        raise InvalidInputError(f"a namespace is listed twice: {', '.join(kinds)}")
    if "user" in kinds:
        raise UnsupportedError("user namespaces of containers are not supported yet")
    own = [n.type for n in spec.linux.namespaces if n.path is None]
    if "mount" not in own:
        raise InvalidInputError("a container needs a mount namespace of its own")


def check_names(spec: Spec) -> None:
    """Host names and kernel parameters need a namespace to hold them."""
    kinds = {entry.type for entry in spec.linux.namespaces}
    if (spec.hostname or spec.domainname) and "uts" not in kinds:
        raise InvalidInputError("cannot set the host name without a uts namespace")
    for name in spec.linux.sysctl:
        check_sysctl(name, kinds)


def check_sysctl(name: str, kinds: Set[str]) -> None:
    """Refuse a kernel parameter that no namespace of the container keeps to itself.

    It is written before /proc/sys becomes read-only, by a process with all rights:
    kernel.core_pattern, say, names a program that the *host* runs as root.

    Args:
        name: as in ``net.ipv4.ip_forward``.
        kinds: the namespaces that are not the host's.
    """
    if name.startswith("net."):
        if "network" not in kinds:
            text = f"sysctl {name!r} not allowed in host network namespace"
            raise InvalidInputError(text)
    elif name in _IPC_SYSCTLS or name.startswith("fs.mqueue."):
        if "ipc" not in kinds:
            text = f"sysctl {name!r} is not allowed in the hosts ipc namespace"
            raise InvalidInputError(text)
    elif name == "kernel.hostname":
        raise InvalidInputError(
            f'sysctl "{name}" is not allowed as it conflicts with the OCI "hostname" '
            "field"
        )
    elif name != "kernel.domainname" or "uts" not in kinds:
        text = f'sysctl "{name}" is not in a separate kernel namespace'
        raise InvalidInputError(text)


def check_mounts(spec: Spec) -> None:
    """A relative target would depend on where the runtime happens to stand."""
    for mount in spec.mounts:
        if not posixpath.isabs(mount.destination):
            text = f"mount destination {mount.destination!r} is not absolute"
            raise InvalidInputError(text)


def check_devices(spec: Spec) -> None:
    for device in spec.linux.devices:
        if device.type not in ("c", "b", "u", "p"):
            text = f"device {device.path!r} has unknown type {device.type!r}"
            raise InvalidInputError(text)


def check_process(process: Process) -> None:
    """Check what execve(2) and the steps before it take for granted."""
    if not process.args:
        raise InvalidInputError("args must not be empty")
    if not posixpath.isabs(process.cwd):
        raise InvalidInputError(f"Cwd must be an absolute path: {process.cwd!r}")
    for text in (*process.args, *process.env, process.cwd):
        if "\0" in text:
            raise InvalidInputError(f"{text!r} contains a null byte")
    for limit in process.rlimits:
        if not hasattr(resource, limit.type):
            raise InvalidInputError(f"unknown rlimit {limit.type!r}")
    if process.capabilities is not None:
        for name in process.capabilities.bounding:
            capability_number(name)


def check_own_process(spec: Spec) -> None:
    check_process(spec.process)


CHECKS: tuple[Callable[[Spec], None], ...] = (
    check_own_process,
    check_namespaces,
    check_names,
    check_mounts,
    check_devices,
)
