"""The flags of ``docker buildx build``, and the wish that they make."""

import sys
from collections.abc import Iterable

from labkit.docker_cli.buildx.caches import read_source, read_target
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Command, Flag, Given, Kind
from labkit.docker_cli.buildx.wish import (
    Context,
    Output,
    Wish,
    read_context,
    read_host,
    read_named_context,
    read_output,
    read_secret,
    read_ssh,
    read_tag,
    with_epoch,
)
from labkit.docker_cli.buildx.wish import Kind as ContextKind

PROGRESS = Flag(
    "progress",
    Kind.TEXT,
    'Set type of progress output ("auto", "none", "plain", "quiet", "rawjson", "tty"). '
    "Use plain to show container output",
)
COMMON = (
    PROGRESS,
    Flag("builder", Kind.TEXT, "Override the configured builder instance"),
    Flag("debug", Kind.BOOL, "Enable debug logging", "D"),
    Flag("metadata-file", Kind.TEXT, "Write build result metadata to a file"),
    Flag("no-cache", Kind.BOOL, "Do not use cache when building the image"),
    Flag("pull", Kind.BOOL, "Always attempt to pull all referenced images"),
    Flag("push", Kind.BOOL, 'Shorthand for "--output=type=registry"'),
    Flag("load", Kind.BOOL, 'Shorthand for "--output=type=docker"'),
    Flag("allow", Kind.TEXTS, "Allow extra privileged entitlement"),
    Flag(
        "call",
        Kind.TEXT,
        'Set method for evaluating build ("check", "outline", "targets")',
    ),
    Flag("check", Kind.BOOL, 'Shorthand for "--call=check"'),
    Flag("provenance", Kind.TEXT),
    Flag("sbom", Kind.TEXT),
)
_CLASSIC_SWITCHES = ("squash",)
_CLASSIC = {
    "memory": "m",
    "cpu-shares": "c",
    **dict.fromkeys(("memory-swap", "cpu-period", "cpu-quota", "cpuset-cpus"), ""),
    **dict.fromkeys(("cpuset-mems", "isolation", "security-opt"), ""),
}
"""The classic builder's own flags, which buildx takes and passes over."""
BUILD = Command(
    "docker buildx build [OPTIONS] PATH | URL | -",
    "Start a build",
    (
        *COMMON,
        Flag("add-host", Kind.TEXTS, "Add a custom host-to-IP mapping (host:ip)"),
        Flag("build-arg", Kind.TEXTS, "Set build-time variables"),
        Flag("build-context", Kind.TEXTS, "Additional build contexts (name=path)"),
        Flag("cache-from", Kind.TEXTS, "External cache sources"),
        Flag("cache-to", Kind.TEXTS, "Cache export destinations"),
        Flag(
            "file", Kind.TEXT, 'Name of the Dockerfile (default "PATH/Dockerfile")', "f"
        ),
        Flag("iidfile", Kind.TEXT, "Write the image ID to a file"),
        Flag("label", Kind.TEXTS, "Set metadata for an image"),
        Flag("network", Kind.TEXT, 'Networking mode for "RUN" (default "default")'),
        Flag("output", Kind.TEXTS, 'Output destination ("type=local,dest=path")', "o"),
        Flag("platform", Kind.TEXTS, "Set target platform for build"),
        Flag("no-cache-filter", Kind.TEXTS, "Do not cache specified stages"),
        Flag("quiet", Kind.BOOL, "Print image ID on success", "q"),
        Flag(
            "secret", Kind.TEXTS, 'Secret to expose ("id=mysecret[,src=/local/secret]")'
        ),
        Flag("shm-size", Kind.TEXT, "Shared memory size for build containers"),
        Flag(
            "ssh", Kind.TEXTS, 'SSH agent socket to expose ("default|<id>[=<socket>]")'
        ),
        Flag("tag", Kind.TEXTS, 'Image identifier ("[registry/]repo[:tag]")', "t"),
        Flag("target", Kind.TEXT, "Set the target build stage to build"),
        Flag("ulimit", Kind.TEXTS, "Ulimit options (default [])"),
        # Of the classic builder: containers are removed always, contexts aren't packed.
        Flag("rm", Kind.BOOL),
        Flag("force-rm", Kind.BOOL),
        Flag("compress", Kind.BOOL),
        *(Flag(name, Kind.BOOL) for name in _CLASSIC_SWITCHES),
        *(Flag(name, Kind.TEXTS, "", short) for name, short in _CLASSIC.items()),
    ),
    least=1,
    most=1,
)


def read_wish(given: Given) -> Wish:
    """Turn the flags of a build into a wish.

    Raises:
        BuildxError: a value is none.
    """
    for name in (*_CLASSIC_SWITCHES, *_CLASSIC):
        if given.texts(name):
            sys.stderr.write(
                f"WARNING: --{name} does nothing here: it is of the classic builder "
                "(DOCKER_BUILDKIT=0)\n"
            )
    context = read_context(given.arguments[0])
    if context.kind is ContextKind.STDIN and given.text("file") == "-":
        raise BuildxError(
            "invalid argument: can't use stdin for both build context and dockerfile"
        )
    return Wish(
        context=context,
        dockerfile=given.text("file"),
        target=given.text("target"),
        arguments=with_epoch(dict(map(read_argument, given.texts("build-arg")))),
        labels=dict(_pair(text) for text in given.texts("label")),
        tags=tuple(read_tag(text) for text in given.texts("tag")),
        contexts=dict(_named(text) for text in given.texts("build-context")),
        secrets=tuple(read_secret(text) for text in given.texts("secret")),
        ssh=dict(read_ssh(text) for text in given.texts("ssh")),
        cache_from=tuple(read_source(text) for text in given.texts("cache-from")),
        cache_to=tuple(read_target(text) for text in given.texts("cache-to")),
        outputs=outputs(given),
        platform=only_platform(given.texts("platform")),
        network=given.text("network"),
        extra_hosts=tuple(read_host(text) for text in given.texts("add-host")),
        shm_size=given.text("shm-size"),
        ulimits=given.texts("ulimit"),
        allow=given.texts("allow"),
        no_cache=given.is_set("no-cache"),
        no_cache_stages=read_stages(given.texts("no-cache-filter")),
        pull=given.is_set("pull"),
    )


def read_stages(texts: Iterable[str]) -> tuple[str, ...]:
    """Read names of stages, which commas may part."""
    return tuple(one for text in texts for one in text.split(",") if one)


def outputs(given: Given) -> tuple[Output, ...]:
    """Return what becomes of the result, shorthands included."""
    found = [read_output(text) for text in given.texts("output")]
    if given.is_set("push"):
        found.append(Output("registry", push=True))
    return tuple(found)


def only_platform(texts: tuple[str, ...]) -> str:
    """Return the platform to build for.

    Raises:
        BuildxError: it is more than one.
    """
    platforms = [one for text in texts for one in text.split(",") if one]
    if len(set(platforms)) > 1:
        raise BuildxError(
            "Multi-platform build is not supported for the docker driver: ask for one "
            "--platform at a time"
        )
    return platforms[0] if platforms else ""


def read_argument(text: str) -> tuple[str, str | None]:
    """Read ``NAME=value``, or ``NAME`` whose value is the environment's."""
    name, equals, value = text.partition("=")
    return name, value if equals else None


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _named(text: str) -> tuple[str, Context]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise BuildxError(f"invalid context value: {text}, expected key=value")
    return name, read_named_context(value)
