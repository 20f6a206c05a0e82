"""``labkit shell``: a shell in which `docker` and `docker compose` reach the lab."""

import os
import shlex
import sys
from pathlib import Path

import click

from labkit.base.environment import lab_environment
from labkit.base.errors import UnavailableError
from labkit.base.files import write_atomically
from labkit.base.home import lab_home
from labkit.cli.engine_process import find_place, is_answering, start
from labkit.cli.options import place_options

_MARK = "(lab) "
_BASH = """\
[ -r ~/.bashrc ] && . ~/.bashrc
{lines}
PS1='{mark}'"$PS1"
eval "$(labkit completion bash)"
"""
_ZSH_FIRST = """\
ZDOTDIR=$HOME
[ -r ~/.zshenv ] && . ~/.zshenv
_labkit_zdotdir=$ZDOTDIR
ZDOTDIR={folder}
"""
"""A person's own ``.zshenv`` may say that the rest lies elsewhere."""
_ZSH = """\
ZDOTDIR=${{_labkit_zdotdir:-$HOME}}
unset _labkit_zdotdir
[ -r "$ZDOTDIR/.zshrc" ] && . "$ZDOTDIR/.zshrc"
{lines}
PS1='{mark}'"$PS1"
(( $+functions[compdef] )) && eval "$(labkit completion zsh)"
"""


@click.command()
@place_options
@click.argument("command", nargs=-1, type=click.UNPROCESSED)
def shell(data_root: str | None, socket: str | None, command: tuple[str, ...]) -> None:
    """Open a shell in the lab, or run COMMAND there: `labkit shell -- docker ps`.

    It is your own shell, with the engine running and its `docker` found first.
    """
    named = os.environ.get("DOCKER_HOST")
    if data_root or socket or not named:
        place = find_place(data_root, socket)
        if not is_answering(place):
            start(place)
        named = place.docker_host
    variables = lab_environment(named)
    words = list(command) or shell_words(variables, lab_home())
    environment = {**os.environ, **variables, "LABKIT_SHELL": "1"}
    sys.stdout.flush()
    try:
        os.execvpe(words[0], words, environment)
    except OSError as error:
        raise UnavailableError(f"cannot run {words[0]!r}: {error.strerror}") from error


def shell_words(variables: dict[str, str], home: Path) -> list[str]:
    """Return the user's own shell, told to read the lab's lines behind its own."""
    program = os.environ.get("SHELL") or "/bin/sh"
    lines = "\n".join(f"export {k}={shlex.quote(v)}" for k, v in variables.items())
    folder = home / ".docker" / "shell"
    folder.mkdir(parents=True, exist_ok=True)
    kind = Path(program).name
    if kind == "bash":
        rc = folder / "bashrc"
        write_atomically(rc, _BASH.format(lines=lines, mark=_MARK).encode())
        return [program, "--rcfile", str(rc), "-i"]
    if kind == "zsh":
        first = _ZSH_FIRST.format(folder=shlex.quote(str(folder)))
        write_atomically(folder / ".zshenv", first.encode())
        write_atomically(
            folder / ".zshrc", _ZSH.format(lines=lines, mark=_MARK).encode()
        )
        return ["env", f"ZDOTDIR={folder}", program, "-i"]
    if kind == "fish":
        prompt = (
            f"{lines}\n"
            "functions -c fish_prompt _labkit_prompt; "
            f"function fish_prompt; echo -n '{_MARK}'; _labkit_prompt; end; "
            "labkit completion fish | source"
        )
        return [program, "-C", prompt]
    return [program]
