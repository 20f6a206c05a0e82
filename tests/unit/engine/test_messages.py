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
