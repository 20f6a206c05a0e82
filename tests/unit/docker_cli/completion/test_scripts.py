import pytest

from labkit.docker_cli.completion.scripts import script_of


@pytest.mark.parametrize("shell", ["bash", "fish", "powershell", "zsh"])
def test_a_script_asks_the_command_itself(shell):
    assert "__complete " in script_of(shell)
    without_words = script_of(shell, described=False)
    assert "__completeNoDesc " in without_words
    assert "__complete " not in without_words
