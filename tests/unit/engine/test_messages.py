"""Docker's sentences that no other test quotes whole."""

from labkit.engine import messages


def test_sentences() -> None:
    assert messages.no_such_exec("e") == "No such exec instance: e"
    assert messages.no_such_volume("v") == "get v: no such volume"
    assert messages.failed_start("exec: x") == (
        "failed to create shim task: OCI runtime create failed: runc create failed: "
        "unable to start container process: exec: x: unknown"
    )
    assert messages.failed_exec("exec: x") == (
        "OCI runtime exec failed: exec failed: unable to start container process: "
        "exec: x: unknown"
    )
    assert messages.cannot_kill("c", "why") == "Cannot kill container: c: why"


def test_a_folder_taken_for_a_file_gets_dockers_hint() -> None:
    text = messages.failed_start(
        'error mounting "/a" to rootfs at "/b": not a directory'
    )
    assert ": unknown: Are you trying to mount a directory onto a file" in text
    assert "Are you trying" not in messages.failed_start("exec: x")
