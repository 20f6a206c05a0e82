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
    program.write_text("#!/bin/sh\nprintf 'web\\twords\\nweb2\\n:4\\n'\n")
    program.chmod(0o755)
    script = (
        f"{terminal.run('completion', 'bash').out}\nCOMP_WORDS=({program} stop we)\n"
        'COMP_CWORD=2\n_labkit_docker\necho "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "web web2\n"


def test_refuses_another_shell(terminal):
    assert terminal.run("completion", "odd").code == 2
