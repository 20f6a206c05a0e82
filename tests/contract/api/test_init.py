"""``--init``: who is pid 1, and what becomes of signals, orphans and codes."""

import pytest

from tests.contract.api.world import PREFIX, container
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_INIT = {"HostConfig": {"Init": True}}


def _run(engine: Engine, *command: str) -> tuple[int, str]:
    done = engine.docker("run", "--rm", "--init", TEST_IMAGE, *command)
    return done.returncode, done.stdout


def test_it_is_the_first_process(both: tuple[Engine, Engine]) -> None:
    answers = [_run(engine, "cat", "/proc/1/cmdline") for engine in both]
    assert (
        answers[0] == answers[1] == (0, "/sbin/docker-init\0--\0cat\0/proc/1/cmdline\0")
    )


@pytest.mark.parametrize(
    "script", ["exit 42", "kill -9 $$", "kill -TERM $$", "exec nosuch"]
)
def test_the_exit_code_is_kept(both: tuple[Engine, Engine], script: str) -> None:
    ours, theirs = (_run(engine, "sh", "-c", script)[0] for engine in both)
    assert ours == theirs


def test_a_program_that_is_not_there(both: tuple[Engine, Engine]) -> None:
    ours, theirs = (_run(engine, "nosuch")[0] for engine in both)
    assert ours == theirs == 127


def test_orphans_are_reaped(engine: Engine) -> None:
    script = (
        "for i in 1 2 3; do (sh -c 'sleep 0.1 & exec true') & done; wait; sleep 0.5; "
        "cat /proc/[0-9]*/stat | grep -c ' Z '"
    )
    assert _run(engine, "sh", "-c", script)[1] == "0\n"


def test_a_stop_reaches_a_program_without_handlers(engine: Engine) -> None:
    with container(engine, "init-stop", Cmd=["sleep", "1000"], **_INIT) as made:
        path = f"/v1.41/containers/{made}"
        assert engine.json("POST", f"{path}/stop?t=30")[0] == 204
        state = engine.json("GET", f"{path}/json")[1]["State"]
        assert state["ExitCode"] == 143  # SIGTERM, not SIGKILL


def test_the_record_shows_the_program_only(both: tuple[Engine, Engine]) -> None:
    found = []
    for engine in both:
        with container(engine, "init-record", start=False, **_INIT) as made:
            body = engine.json("GET", f"/v1.41/containers/{made}/json")[1]
            found.append((body["Path"], body["Args"], body["HostConfig"]["Init"]))
    assert found[0] == found[1]
    assert found[0] == ("sleep", ["1000"], True)


def test_nobody_inside_can_change_it(engine: Engine) -> None:
    name = f"{PREFIX}init-change"
    done = engine.docker(
        *("run", "--rm", "--init", "--name", name, TEST_IMAGE),
        *("sh", "-c", "echo x > /sbin/docker-init"),
    )
    assert done.returncode != 0
