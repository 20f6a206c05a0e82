"""The query of ``POST /build``: all options of a build are in it.

Lists and maps come as JSON within their value. A build argument may be null: its name
was given and its value was not there where the client runs.
"""

from typing import Any

from labkit.api.parse.fields import Fields, read_json
from labkit.api.requests import Query
from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.base.reference import Reference, parse_reference
from labkit.builder.git_reference import with_git_folder
from labkit.builder.model import BuildRequest
from labkit.builder.permits import NETWORK_HOST, check_entitlements
from labkit.engine.builds.build import BuildOptions
from labkit.engine.containers.grammar import check_cpusets, check_extra_hosts
from labkit.engine.containers.validate import (
    check_cpus,
    check_memory,
    check_unsupported,
)
from labkit.engine.model import ContainerConfig, HostConfig, ResourceLimits, Ulimit

_CHECKS = (
    check_memory,
    check_cpus,
    check_cpusets,
    check_extra_hosts,
    check_unsupported,
)


def parse_build(query: Query) -> BuildOptions:
    """Read how to build.

    Raises:
        InvalidInputError: a value is no JSON, or of another kind.
        UnsupportedError: something that this engine can't do was asked for.
    """
    _refuse_others(query)
    request = BuildRequest(
        target=query.text("target"),
        arguments=_arguments(query),
        labels=_texts(query, "labels", "error reading labels"),
        names=parse_names(query.texts("t")),
        platform=query.text("platform"),
        network=query.text("networkmode") or "default",
        no_cache=query.flag("nocache"),
        no_cache_stages=frozenset(map(str.lower, query.texts("nocachestages"))),
        pull=query.flag("pull"),
        extra_hosts=query.texts("extrahosts"),
        cache_from=_names(query, "cachefrom", "error reading cache-from"),
        entitlements=_entitlements(query),
    )
    host = HostConfig(
        shm_size=query.integer("shmsize") or 0,
        network_mode=request.network,
        extra_hosts=request.extra_hosts,
        resources=_limits(query),
    )
    for check in _CHECKS:
        check(ContainerConfig(), host)
    return BuildOptions(
        request,
        host,
        dockerfile=query.text("dockerfile"),
        remote=_remote(query, request),
        id=query.text("buildid"),
    )


def _remote(query: Query, request: BuildRequest) -> str:
    remote = query.text("remote")
    keeps = request.arguments.get("BUILDKIT_CONTEXT_KEEP_GIT_DIR") or ""
    return with_git_folder(remote) if keeps.lower() in ("1", "t", "true") else remote


def parse_names(texts: tuple[str, ...]) -> tuple[Reference, ...]:
    """Read what the image shall be called; each name counts once.

    Raises:
        InvalidInputError: one is none, or names a content.
    """
    names: dict[Reference, None] = {}
    for text in filter(None, texts):
        name = parse_reference(text)
        if name.digest is not None:
            raise InvalidInputError("build tag cannot contain a digest")
        names[name] = None
    return tuple(names)


def _entitlements(query: Query) -> frozenset[str]:
    """Who builds in the host's network grants it to each command."""
    granted = check_entitlements(query.texts("allow"))
    is_host = query.text("networkmode") == "host"
    return granted | {NETWORK_HOST} if is_host else granted


def _refuse_others(query: Query) -> None:
    if query.text("version") == "2":
        raise UnsupportedError(
            "this engine serves BuildKit's door by the buildx plug-in of labkit only; "
            "leave DOCKER_BUILDKIT unset"
        )
    if query.text("version") not in ("", "1"):
        raise InvalidInputError(f'invalid version "{query.text("version")}"')
    isolation = query.text("isolation")
    if isolation not in ("", "default"):
        raise InvalidInputError(f'Unsupported isolation: "{isolation}"')
    if query.flag("squash"):
        raise InvalidInputError("squash is only supported with experimental mode")
    if query.texts("securityopt"):
        raise InvalidInputError("security options are not supported on linux")


def _arguments(query: Query) -> dict[str, str | None]:
    found = _json(query, "buildargs", dict, "error reading build args")
    for name, value in found.items():
        if value is not None and not isinstance(value, str):
            raise InvalidInputError(f"error reading build args: {name!r} is no text")
    return dict(found)


def _texts(query: Query, name: str, problem: str) -> dict[str, str]:
    found = _json(query, name, dict, problem)
    if not all(isinstance(value, str) for value in found.values()):
        raise InvalidInputError(f"{problem}: every value has to be a text")
    return dict(found)


def _names(query: Query, name: str, problem: str) -> tuple[str, ...]:
    found = _json(query, name, list, problem)
    if not all(isinstance(value, str) for value in found):
        raise InvalidInputError(f"{problem}: every value has to be a text")
    return tuple(filter(None, found))


def _limits(query: Query) -> ResourceLimits:
    ulimits = _json(query, "ulimits", list, "error reading ulimit settings")
    return ResourceLimits(
        memory=query.integer("memory") or 0,
        memory_swap=query.integer("memswap") or 0,
        cpu_shares=query.integer("cpushares") or 0,
        cpu_period=query.integer("cpuperiod") or 0,
        cpu_quota=query.integer("cpuquota") or 0,
        cpuset_cpus=query.text("cpusetcpus"),
        cpuset_mems=query.text("cpusetmems"),
        cgroup_parent=query.text("cgroupparent"),
        ulimits=tuple(_ulimit(Fields(one, "ulimits")) for one in ulimits),
    )


def _ulimit(fields: Fields) -> Ulimit:
    soft, hard = fields.integer("Soft"), fields.integer("Hard")
    return Ulimit(fields.text("Name"), soft=soft, hard=hard)


def _json(query: Query, name: str, kind: type, problem: str) -> Any:
    text = query.text(name)
    if not text:
        return kind()
    try:
        found = read_json(text.encode(errors="replace"))
    except InvalidInputError as error:
        raise InvalidInputError(f"{problem}: {error}") from error
    if found is None:
        return kind()
    if not isinstance(found, kind):
        raise InvalidInputError(f"{problem}: {text!r} is something else")
    return found
