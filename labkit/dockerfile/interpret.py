"""Phase 2: a node to a typed instruction, each keyword by one function.

A new instruction is a type in ``instructions``, a function here and a row in the table.
"""

import re
from collections.abc import Callable, Mapping

from labkit.base.go_text import go_quote
from labkit.dockerfile.errors import Fault, located
from labkit.dockerfile.flags import Flags, Kind, parse_flags
from labkit.dockerfile.health import HEALTH_FLAGS, parse_health
from labkit.dockerfile.heredocs import parse_heredoc
from labkit.dockerfile.instructions import (
    Add,
    Arg,
    Cmd,
    Command,
    Copy,
    Definition,
    Entrypoint,
    Env,
    Expose,
    From,
    HealthCheck,
    InlineFile,
    Instruction,
    Label,
    Maintainer,
    OnBuild,
    Pair,
    Run,
    Shell,
    StopSignal,
    User,
    Volume,
    Workdir,
)
from labkit.dockerfile.mounts import read_mount_source
from labkit.dockerfile.node import Node
from labkit.dockerfile.spaces import SPACES
from labkit.dockerfile.suggest import with_suggestion

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_ONBUILD = re.compile(r"\s*ONBUILD\s*", re.IGNORECASE)
_NETWORKS = ("default", "none", "host")
_SECURITIES = ("insecure", "sandbox")

_TRANSFER_FLAGS: Mapping[str, Kind] = {
    "chown": Kind.TEXT,
    "chmod": Kind.TEXT,
    "link": Kind.BOOL,
    "exclude": Kind.TEXTS,
}
_FLAGS: dict[str, Mapping[str, Kind]] = {
    "ADD": {
        **_TRANSFER_FLAGS,
        "keep-git-dir": Kind.BOOL,
        "checksum": Kind.TEXT,
        "unpack": Kind.BOOL,
    },
    "COPY": {**_TRANSFER_FLAGS, "from": Kind.TEXT, "parents": Kind.BOOL},
    "FROM": {"platform": Kind.TEXT},
    "HEALTHCHECK": HEALTH_FLAGS,
    "RUN": {
        "mount": Kind.TEXTS,
        "network": Kind.TEXT,
        "security": Kind.TEXT,
        "device": Kind.TEXTS,
    },
}


def interpret(node: Node) -> Instruction:
    """Turn a node into the instruction that it says.

    Raises:
        DockerfileError: the keyword is unknown, or its flags or arguments are wrong.
    """
    with located(node.lines):
        read = INSTRUCTIONS.get(node.name)
        if read is None:
            message = f"unknown instruction: {node.keyword}"
            names = [name.lower() for name in INSTRUCTIONS]
            raise Fault(with_suggestion(message, node.keyword, names, any_case=True))
        return read(node, parse_flags(node.flags, _FLAGS.get(node.name, {})))


def _from(node: Node, flags: Flags) -> From:
    words = node.arguments
    stage = ""
    if len(words) == 3 and words[1].lower() == "as":
        stage = words[2].lower()
        if not _STAGE_NAME.fullmatch(stage):
            raise Fault(
                f"invalid name for build stage: {go_quote(words[2])}, "
                "name can't start with a number or contain symbols"
            )
    elif len(words) != 1:
        raise Fault("FROM requires either one or three arguments")
    return From(node, words[0], stage, flags.text("platform"))


def _arg(node: Node, _flags: Flags) -> Arg:
    _require_any(node)
    definitions = []
    for word in node.arguments:
        name, equals, value = word.partition("=")
        if not name:
            raise Fault("ARG names can not be blank")
        definitions.append(Definition(name, value if equals else None))
    return Arg(node, tuple(definitions))


def _run(node: Node, flags: Flags) -> Run:
    network = flags.text("network", "default")
    security = flags.text("security", "sandbox")
    if network not in _NETWORKS:
        raise Fault(f"invalid network mode {go_quote(network)}")
    if security not in _SECURITIES:
        raise Fault(f"security {go_quote(security)} is not valid")
    if flags.texts("device"):
        raise Fault("RUN --device isn't supported: a build step has no devices here")
    mounts = tuple(read_mount_source(text) for text in flags.texts("mount"))
    return Run(node, _command(node), mounts, network, security)


def _cmd(node: Node, _flags: Flags) -> Cmd:
    return Cmd(node, _command(node))


def _entrypoint(node: Node, _flags: Flags) -> Entrypoint:
    return Entrypoint(node, _command(node))


def _label(node: Node, _flags: Flags) -> Label:
    return Label(node, _pairs(node))


def _env(node: Node, _flags: Flags) -> Env:
    return Env(node, _pairs(node))


def _maintainer(node: Node, _flags: Flags) -> Maintainer:
    return Maintainer(node, _only(node))


def _expose(node: Node, _flags: Flags) -> Expose:
    _require_any(node)
    return Expose(node, tuple(sorted(node.arguments)))


def _add(node: Node, flags: Flags) -> Add:
    sources, files, destination = _transfer(node)
    return Add(
        node,
        sources,
        files,
        destination,
        chown=flags.text("chown"),
        chmod=flags.text("chmod"),
        link=flags.is_set("link"),
        excludes=flags.texts("exclude"),
        checksum=flags.text("checksum"),
        keep_git_dir=flags.choice("keep-git-dir"),
        unpack=flags.choice("unpack"),
    )


def _copy(node: Node, flags: Flags) -> Copy:
    sources, files, destination = _transfer(node)
    return Copy(
        node,
        sources,
        files,
        destination,
        chown=flags.text("chown"),
        chmod=flags.text("chmod"),
        link=flags.is_set("link"),
        excludes=flags.texts("exclude"),
        from_=flags.text("from"),
        parents=flags.is_set("parents"),
    )


def _volume(node: Node, _flags: Flags) -> Volume:
    _require_any(node)
    paths = tuple(word.strip(SPACES) for word in node.arguments)
    if "" in paths:
        raise Fault("VOLUME specified can not be an empty string")
    return Volume(node, paths)


def _user(node: Node, _flags: Flags) -> User:
    return User(node, _only(node))


def _workdir(node: Node, _flags: Flags) -> Workdir:
    return Workdir(node, _only(node))


def _on_build(node: Node, _flags: Flags) -> OnBuild:
    if node.child is None:
        raise Fault("ONBUILD requires at least one argument")
    trigger = node.child.name
    if trigger == "ONBUILD":
        raise Fault("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
    if trigger in ("MAINTAINER", "FROM"):
        raise Fault(f"{trigger} isn't allowed as an ONBUILD trigger")
    lines = [_ONBUILD.sub("", node.original, count=1)]
    lines += [heredoc.content + heredoc.name for heredoc in node.heredocs]
    return OnBuild(node, "\n".join(lines))


def _stop_signal(node: Node, _flags: Flags) -> StopSignal:
    return StopSignal(node, _only(node))


def _health_check(node: Node, flags: Flags) -> HealthCheck:
    _require_any(node)
    return HealthCheck(node, parse_health(node.arguments, node.is_json, flags))


def _shell(node: Node, _flags: Flags) -> Shell:
    _require_any(node)
    if not node.is_json:
        raise Fault("SHELL requires the arguments to be in JSON form")
    return Shell(node, node.arguments)


INSTRUCTIONS: dict[str, Callable[[Node, Flags], Instruction]] = {
    "ADD": _add,
    "ARG": _arg,
    "CMD": _cmd,
    "COPY": _copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "FROM": _from,
    "HEALTHCHECK": _health_check,
    "LABEL": _label,
    "MAINTAINER": _maintainer,
    "ONBUILD": _on_build,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _stop_signal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}


def _command(node: Node) -> Command:
    return Command(node.arguments, not node.is_json, node.heredocs)


def _require_any(node: Node) -> None:
    if not node.arguments:
        raise Fault(f"{node.name} requires at least one argument")


def _only(node: Node) -> str:
    if len(node.arguments) != 1:
        raise Fault(f"{node.name} requires exactly one argument")
    return node.arguments[0]


def _pairs(node: Node) -> tuple[Pair, ...]:
    _require_any(node)
    words = node.arguments
    pairs = tuple(
        Pair(words[at], words[at + 1], is_legacy=not words[at + 2])
        for at in range(0, len(words), 3)
    )
    if any(not pair.name for pair in pairs):
        raise Fault(f"{node.name} names can not be blank")
    return pairs


def _transfer(node: Node) -> tuple[tuple[str, ...], tuple[InlineFile, ...], str]:
    """Return the sources, the here-documents among them, and the destination."""
    if len(node.arguments) < 2:
        raise Fault(
            f"{node.name} requires at least two arguments, but only one was provided. "
            "Destination could not be determined"
        )
    *words, destination = node.arguments
    if parse_heredoc(destination):
        raise Fault(f"{node.name} cannot accept a heredoc as a destination")
    heredocs = {heredoc.name: heredoc for heredoc in node.heredocs}
    sources: list[str] = []
    files: list[InlineFile] = []
    for word in words:
        opened = parse_heredoc(word)
        found = heredocs.get(opened.name) if opened else None
        if found is None:
            sources.append(word)
        else:
            files.append(InlineFile(found.name, found.text, found.expand))
    return tuple(sources), tuple(files), destination
