"""``--change`` of commit and import: lines of a Dockerfile, on a configuration.

Only instructions that need no build are taken. All changes together are one
Dockerfile, so an instruction may go on in the next of them.
"""

from collections.abc import Iterable
from dataclasses import replace

from labkit.base.errors import InvalidInputError
from labkit.dockerfile.configure import configure
from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.expand import Scope, expand
from labkit.dockerfile.instructions import Cmd, Command, Entrypoint, Instruction
from labkit.dockerfile.interpret import interpret
from labkit.dockerfile.node import Document
from labkit.dockerfile.parser import parse_dockerfile
from labkit.spec.image import ContainerDefaults

_ALLOWED = (
    *("CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "ONBUILD"),
    *("USER", "VOLUME", "WORKDIR"),
)


def apply_changes(
    config: ContainerDefaults, changes: Iterable[str]
) -> ContainerDefaults:
    """Return a configuration as instructions leave it.

    Raises:
        InvalidInputError: an instruction is unknown or makes no sense.
    """
    text = "\n".join(lines := tuple(changes))
    if not lines:
        return config
    cmd_set = False
    try:
        for instruction in _read(parse_dockerfile(text)):
            variables = dict(_split(one) for one in config.env)
            expanded = expand(instruction, Scope(variables))
            if isinstance(expanded, Entrypoint) and not expanded.command.words:
                expanded = replace(expanded, command=Command((), is_shell=False))
            config = configure(config, expanded, cmd_set)
            cmd_set = cmd_set or isinstance(expanded, Cmd)
    except DockerfileError as error:
        # No file was written here: its line would tell nobody anything.
        raise InvalidInputError(error.reason) from error
    # A list that was cleared says no more than one that is not there.
    return replace(config, entrypoint=config.entrypoint or None, cmd=config.cmd or None)


def _read(document: Document) -> list[Instruction]:
    for node in document.nodes:
        if node.name not in _ALLOWED:
            name = node.keyword.lower()
            raise InvalidInputError(f"{name} is not a valid change command")
    return [interpret(node) for node in document.nodes]


def _split(variable: str) -> tuple[str, str]:
    name, _, value = variable.partition("=")
    return name, value
