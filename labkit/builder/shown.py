"""What BuildKit's progress calls a step: its line, with what its variables are worth.

    COPY and the like     variables and quotes as everywhere; what isn't set is empty
    RUN                   quotes stay, and what isn't set: it may be the shell's;
                          a secret that comes as a variable is ``****``

A line that can't be expanded is shown as it is written: what is wrong is said later.
"""

from collections.abc import Mapping

from labkit.dockerfile.errors import DockerfileError, Fault
from labkit.dockerfile.expand import Scope, expand
from labkit.dockerfile.heredocs import parse_heredoc
from labkit.dockerfile.instructions import Instruction, Run
from labkit.dockerfile.lexer import Rules, lex
from labkit.dockerfile.mounts import MountType

_HIDDEN = "****"


def shown_name(
    instruction: Instruction, variables: Mapping[str, str], escape: str
) -> str:
    """Return what a step that makes files is called."""
    text, rules = instruction.node.original, Rules(escape)
    try:
        if isinstance(instruction, Run):
            text += _summary(instruction)
            rules = Rules(escape, raw_quotes=True, skip_unset=True)
            variables = _without_secrets(instruction, variables, escape)
        text = lex(text, variables, rules).text
    except (DockerfileError, Fault):
        pass
    keyword, blank, rest = text.partition(" ")
    return keyword.upper() + blank + rest


def _summary(run: Run) -> str:
    """Say how the here-document begins that is all of the command."""
    if not run.command.heredocs or parse_heredoc(run.command.words[0]) is None:
        return ""
    lines = run.command.heredocs[0].content.strip().splitlines() or [""]
    return f" ({lines[0]}{'...' if lines[1:] else ''})"


def _without_secrets(
    run: Run, variables: Mapping[str, str], escape: str
) -> Mapping[str, str]:
    mounts = expand(run, Scope(variables, escape)).mounts
    secrets = [one.env for one in mounts if one.type is MountType.SECRET and one.env]
    return {**variables, **dict.fromkeys(secrets, _HIDDEN)} if secrets else variables
