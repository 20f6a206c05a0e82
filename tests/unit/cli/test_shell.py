import os
import shutil
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
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_the_user_set_up_counts_but_for_the_labs_own(tmp_path, monkeypatch, shell):
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"needs {shell}")
    own = tmp_path / "mine"
    own.mkdir()
    (tmp_path / ".bashrc").write_text("export MINE=yes DOCKER_HOST=unix:///mine\n")
    (tmp_path / ".zshenv").write_text(f"ZDOTDIR={own}\n")
    (own / ".zshrc").write_text("export MINE=yes DOCKER_HOST=unix:///mine\n")
    config = tmp_path / ".config" / "fish" / "config.fish"
    config.parent.mkdir(parents=True)
    config.write_text("set -gx MINE yes; set -gx DOCKER_HOST unix:///mine\n")
    monkeypatch.setenv("SHELL", program)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    words = shell_words({"DOCKER_HOST": "unix:///the lab"}, tmp_path / "a lab")
    done = subprocess.run(
        words,
        input='printf "%s\\n" "<$MINE $DOCKER_HOST>"\n',
        capture_output=True,
        text=True,
        check=False,
    )
    assert "<yes unix:///the lab>" in done.stdout


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
