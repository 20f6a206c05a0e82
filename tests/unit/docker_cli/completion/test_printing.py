from labkit.docker_cli.completion.scripts import script_of
from tests.unit.docker_cli.typing_in import type_in


def test_prints_the_lines_of_a_shell(capsys):
    assert type_in(capsys, "completion", "zsh").out == script_of("zsh")
    bare = type_in(capsys, "completion", "bash", "--no-descriptions").out
    assert bare == script_of("bash", described=False)


def test_takes_nothing_more(capsys):
    typed = type_in(capsys, "completion", "fish", "x", "y")
    assert (typed.code, typed.err) == (
        1,
        'unknown command "x" for "docker completion fish"\n',
    )
