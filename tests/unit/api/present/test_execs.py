"""Execs as inspect shows them."""

from labkit.api.present.execs import describe_exec
from labkit.engine.model import Exec, ExecConfig


def test_splits_the_command() -> None:
    config = ExecConfig(("ls", "-l"), attach_stdout=True, user="nobody")
    body = describe_exec(Exec("x", "c", config, running=True, pid=9))
    assert body["ProcessConfig"] == {
        "tty": False,
        "entrypoint": "ls",
        "arguments": ["-l"],
        "privileged": False,
        "user": "nobody",
    }
    assert (body["Running"], body["ExitCode"], body["Pid"]) == (True, None, 9)
    assert (body["OpenStdout"], body["OpenStderr"]) == (True, False)


def test_no_user_is_left_out() -> None:
    body = describe_exec(Exec("x", "c", ExecConfig(("ls",)), exit_code=0))
    assert "user" not in body["ProcessConfig"]
    assert body["ExitCode"] == 0
