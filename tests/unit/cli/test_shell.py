import os
import subprocess
import sys

import pytest

from labkit.cli.shell import shell_words


@pytest.mark.parametrize(
    ("program", "file"), [("/bin/bash", "bashrc"), ("/bin/zsh", ".zshrc")]
)
def test_the_users_own_shell_reads_the_labs_lines_last(
    tmp_path, monkeypatch, program, file
):
    monkeypatch.setenv("SHELL", program)
    words = shell_words({"DOCKER_HOST": "unix:///my sock"}, tmp_path)
    assert program in words
    text = (tmp_path / ".docker" / "shell" / file).read_text()
    assert "export DOCKER_HOST='unix:///my sock'" in text
    assert "PS1='(lab) '" in text


def test_fish_and_others(tmp_path, monkeypatch):
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "(lab) " in shell_words({}, tmp_path)[2]
    monkeypatch.setenv("SHELL", "/bin/dash")
    assert shell_words({}, tmp_path) == ["/bin/dash"]


@pytest.mark.slow
def test_a_command_runs_in_the_lab(tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "labkit.cli.main",
            "shell",
            "--",
            "printenv",
            "DOCKER_HOST",
        ],
        env={
            **os.environ,
            "LABKIT_HOME": str(tmp_path),
            "DOCKER_HOST": "unix:///named.sock",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "unix:///named.sock\n"
