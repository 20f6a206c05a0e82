import subprocess

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_prints_lines_for_both_commands(terminal, shell):
    said = terminal.run("completion", shell)
    assert said.code == 0
    assert "labkit" in said.out
    assert "docker __complete" in said.out or "__complete" in said.out


def test_bash_offers_what_the_command_says(terminal, tmp_path):
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\nprintf 'web\\twords\\nweb:2\\n:4\\n'\necho $# >&2\n")
    program.chmod(0o755)
    lines = terminal.run("completion", "bash").out
    for typed, offered in (
        (" stop we", "web web:2"),
        (" stop ", "web web:2"),
        (" run web:", "web 2"),
        (" run --name=w", "web web:2"),
    ):
        script = (
            f"{lines}\nCOMP_LINE='{program}{typed}'\nCOMP_POINT=${{#COMP_LINE}}\n"
            '_labkit_docker\necho "${COMPREPLY[@]}"'
        )
        done = subprocess.run(
            ["bash", "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stdout == f"{offered}\n"


def test_refuses_another_shell(terminal):
    assert terminal.run("completion", "odd").code == 2
