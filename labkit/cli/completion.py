"""``labkit completion``: lines for the shell, so that Tab knows names.

For ``labkit`` they are click's own. For ``docker`` they ask the command itself
(``docker __complete``), the bundled one and Docker's alike: it knows the containers,
images and networks that there are.
"""

import click
from click.shell_completion import get_completion_class

_DOCKER = {
    "bash": """\
_labkit_docker() {
    # Bash cuts words at colons and equals signs; names of images have colons.
    local typed="${COMP_LINE:0:COMP_POINT}" line words
    read -ra words <<< "$typed"
    [[ $typed == *[[:space:]] ]] && words+=("")
    local last="${words[-1]}"
    local kept="${last##*[:=]}"
    local cut="${last%"$kept"}"
    [[ $last == --*=* ]] && cut="${cut#*=}"
    COMPREPLY=()
    while IFS= read -r line; do
        line="${line%%$'\\t'*}"
        [[ $line == :* ]] || COMPREPLY+=("${line#"$cut"}")
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -o default -F _labkit_docker docker
""",
    "zsh": """\
_labkit_docker() {
    local -a found
    found=("${(@f)$(${words[1]} __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    found=("${(@)found:#:*}")
    [[ ${words[CURRENT]} == --*=* ]] && compset -P '*='
    (( ${#found} )) && compadd -- "${(@)found%%$'\\t'*}"
}
compdef _labkit_docker docker
""",
    "fish": """\
function __labkit_docker
    set -l words (commandline -opc) (commandline -ct)
    set -l flag (string match -r -- '^--[^=]+=' $words[-1])
    for line in ($words[1] __complete $words[2..-1] 2>/dev/null | string match -v ':*')
        echo -- $flag$line
    end
end
complete -c docker -f -a '(__labkit_docker)'
""",
}


def completion_lines(command: click.Command, shell: str) -> str:
    """Return the lines that a shell reads."""
    kind = get_completion_class(shell)
    assert kind is not None
    own = kind(command, {}, "labkit", "_LABKIT_COMPLETE").source()
    return f"{own}\n{_DOCKER[shell]}"


@click.command()
@click.argument("shell", type=click.Choice(sorted(_DOCKER)))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print shell lines for Tab: `eval "$(labkit completion bash)"`."""
    click.echo(completion_lines(ctx.find_root().command, shell), nl=False)
