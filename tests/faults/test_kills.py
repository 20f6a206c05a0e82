"""Kill -9 of every process, amid every verb: nothing hangs, states agree."""

import contextlib
import os
import signal
import threading
import urllib.request
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.faults.observing import is_dead, parent_of, process_named
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

ROUNDS = 5


@pytest.fixture(scope="module")
def engine() -> Iterator[OurEngine]:
    """An engine to be killed, with one network of its own."""
    with OurEngine() as made:
        made.load(busybox_archive(TEST_IMAGE))
        yield made


def _create(engine: OurEngine, name: str, *cmd: str, **host: Any) -> str:
    body = {"Image": TEST_IMAGE, "Cmd": cmd or ("sleep", "1000"), "HostConfig": host}
    status, answer = engine.json("POST", f"/containers/create?name={name}", body)
    assert status == 201, answer
    made: str = answer["Id"]
    return made


def _start(engine: OurEngine, made: str) -> None:
    status, answer = engine.json("POST", f"/containers/{made}/start")
    assert status == 204, answer


def _state(engine: OurEngine, made: str) -> dict[str, Any]:
    status, answer = engine.json("GET", f"/containers/{made}/json")
    assert status == 200, answer
    state: dict[str, Any] = answer["State"]
    return state


def _exec(engine: OurEngine, made: str, *cmd: str) -> str:
    done = engine.docker("exec", made, *cmd)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextlib.contextmanager
def _container(engine: OurEngine, name: str, *cmd: str, **host: Any) -> Iterator[str]:
    made = _create(engine, name, *cmd, **host)
    try:
        _start(engine, made)
        yield made
    finally:
        engine.request("DELETE", f"/containers/{made}?force=1&v=1")


def test_containers_outlive_the_daemon_and_are_adopted(engine: OurEngine) -> None:
    script = "i=0; while :; do echo $i; i=$((i+1)); sleep 0.05; done"
    with _container(engine, "adopted", "sh", "-c", script) as made:
        before = _state(engine, made)
        engine.kill()
        os.kill(before["Pid"], 0)  # it lives
        log = engine.data_root / "containers" / made / f"{made}-json.log"
        size = log.stat().st_size
        wait_until(lambda: log.stat().st_size > size, "it goes on logging")
        engine.start()
        after = _state(engine, made)
        assert (after["Status"], after["Pid"]) == ("running", before["Pid"])
        assert after["StartedAt"] == before["StartedAt"]
        assert _exec(engine, made, "echo", "hi") == "hi\n"
        assert engine.json("POST", f"/containers/{made}/stop?t=0")[0] == 204
        assert _state(engine, made)["ExitCode"] == 137


def test_an_end_nobody_saw_is_known_afterwards(engine: OurEngine) -> None:
    go = "while ! [ -e /go/now ]; do sleep 0.02; done; exit 42"
    folder = engine.root / "go"
    folder.mkdir()
    bind = [f"{folder}:/go"]
    with _container(engine, "unseen", "sh", "-c", go, Binds=bind) as made:
        pid = _state(engine, made)["Pid"]
        engine.kill()
        (folder / "now").touch()
        wait_until(lambda: is_dead(pid), "it has ended")
        engine.start()
        state = _state(engine, made)
    assert (state["Status"], state["ExitCode"]) == ("exited", 42)
    assert state["FinishedAt"] > state["StartedAt"]


def test_auto_remove_is_made_up_for(engine: OurEngine) -> None:
    made = _create(engine, "vanish", AutoRemove=True)
    _start(engine, made)
    pid = _state(engine, made)["Pid"]
    engine.kill()
    os.kill(pid, signal.SIGKILL)
    engine.start()
    wait_until(
        lambda: engine.json("GET", f"/containers/{made}/json")[0] == 404, "it is gone"
    )


def test_names_and_ports_work_after_adoption(engine: OurEngine) -> None:
    engine.json("POST", "/networks/create", {"Name": "kept"})
    with (
        _container(engine, "server", "httpd", "-f", "-h", "/etc", NetworkMode="kept"),
        _container(engine, "asker", NetworkMode="kept") as asker,
    ):
        engine.kill()
        engine.start()
        found = _exec(engine, asker, "wget", "-qO-", "http://server/passwd")
        assert found.startswith("root:")
    assert engine.request("DELETE", "/networks/kept")[0] == 204


def test_the_network_comes_back_when_all_who_held_it_are_dead(
    engine: OurEngine,
) -> None:
    engine.json("POST", "/networks/create", {"Name": "lost"})
    port = {"80/tcp": [{"HostIp": "127.0.0.1"}]}
    with (
        _container(
            engine,
            "lost-server",
            *("httpd", "-f", "-h", "/etc"),
            NetworkMode="lost",
            PortBindings=port,
        ) as server,
        _container(engine, "lost-asker", NetworkMode="lost") as asker,
    ):
        netd = process_named(engine, "labkit-netd")
        engine.kill()
        os.kill(netd, signal.SIGKILL)
        engine.start()
        found = _exec(engine, asker, "wget", "-qO-", "http://lost-server/passwd")
        assert found.startswith("root:")
        bindings = engine.json("GET", f"/containers/{server}/json")[1]
        (row,) = bindings["NetworkSettings"]["Ports"]["80/tcp"]
        url = f"http://127.0.0.1:{row['HostPort']}/passwd"
        with urllib.request.urlopen(url, timeout=10) as page:
            assert page.read().startswith(b"root:")
    assert engine.request("DELETE", "/networks/lost")[0] == 204


@pytest.mark.parametrize("victim", ["init", "shim"])
def test_a_killed_container_has_ended_by_signal(engine: OurEngine, victim: str) -> None:
    for number in range(ROUNDS):
        with _container(engine, f"{victim}-{number}") as made:
            init = _state(engine, made)["Pid"]
            os.kill(init if victim == "init" else parent_of(init), signal.SIGKILL)
            status, answer = engine.json("POST", f"/containers/{made}/wait")
            assert (status, answer["StatusCode"]) == (200, 137)
            state = _state(engine, made)
            assert (state["Status"], state["Pid"]) == ("exited", 0)
            wait_until(partial(is_dead, init), "init is dead")
            _start(engine, made)  # and it can live again


@pytest.mark.parametrize("name", ["labkit-spawner", "labkit-netd"])
def test_helpers_come_back(engine: OurEngine, name: str) -> None:
    for number in range(ROUNDS):
        with _container(engine, f"before-{number}") as old:
            os.kill(process_named(engine, name), signal.SIGKILL)
            with _container(engine, f"after-{number}") as new:
                address = engine.json("GET", f"/containers/{old}/json")[1]
                ip = address["NetworkSettings"]["IPAddress"]
                _exec(engine, new, "ping", "-c", "1", "-W", "5", ip)


@pytest.mark.parametrize("verb", ["start", "stop?t=0", "restart?t=0"])
def test_the_daemon_killed_in_the_middle_of_a_verb(
    engine: OurEngine, verb: str
) -> None:
    for number in range(ROUNDS):
        made = _create(engine, f"half-{number}")
        if verb != "start":
            _start(engine, made)
        asker = threading.Thread(
            target=_ask_quietly, args=(engine, f"/containers/{made}/{verb}")
        )
        asker.start()
        # A little later each round: the axe falls at another place.
        asker.join(number * 0.006)
        engine.kill()
        asker.join(30)
        assert not asker.is_alive()
        engine.start()
        state = _state(engine, made)
        assert state["Status"] in ("created", "running", "exited")
        assert bool(state["Pid"]) == (state["Status"] == "running")
        if state["Status"] != "running":
            _start(engine, made)
        assert _exec(engine, made, "echo", "sound") == "sound\n"
        assert engine.request("DELETE", f"/containers/{made}?force=1")[0] == 204


def _ask_quietly(engine: OurEngine, path: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        engine.request("POST", path)


def test_the_daemon_killed_during_exec(engine: OurEngine) -> None:
    with _container(engine, "exec") as made:
        for number in range(ROUNDS):
            asker = threading.Thread(
                target=engine.docker, args=("exec", made, "sleep", "0.1")
            )
            asker.start()
            asker.join(number * 0.02)
            engine.kill()
            asker.join(30)
            assert not asker.is_alive()
            engine.start()
            assert _exec(engine, made, "echo", "sound") == "sound\n"


def test_a_container_killed_during_exec(engine: OurEngine) -> None:
    for number in range(ROUNDS):
        with _container(engine, f"dying-{number}") as made:
            asker = threading.Thread(
                target=engine.docker, args=("exec", made, "sleep", "1000")
            )
            asker.start()
            asker.join(0.03 * number)
            os.kill(_state(engine, made)["Pid"], signal.SIGKILL)
            asker.join(30)
            assert not asker.is_alive()


def test_restart_policies_after_a_graceful_stop(engine: OurEngine) -> None:
    always = {"RestartPolicy": {"Name": "always"}}
    with (
        _container(engine, "always", **always) as kept,
        _container(engine, "never") as left,
    ):
        engine.stop()
        engine.start()
        wait_until(lambda: _state(engine, kept)["Status"] == "running", "it is back")
        assert _state(engine, left)["Status"] == "exited"
