"""A data root that somebody laid hands on: found, mended or said, and no more lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.faults.observing import is_dead, parent_of, processes_of
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

IDS = dict[str, str]


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _create(engine: OurEngine, name: str, **host: object) -> str:
    body = {"Image": TEST_IMAGE, "Cmd": ["sleep", "1000"], "HostConfig": host}
    body["StopSignal"] = "KILL"
    status, answer = engine.json("POST", f"/containers/create?name={name}", body)
    assert status == 201, answer
    assert engine.request("POST", f"/containers/{answer['Id']}/start")[0] == 204
    made: str = answer["Id"]
    return made


def _states(engine: OurEngine) -> dict[str, str]:
    rows = engine.json("GET", "/containers/json?all=1")[1]
    return {row["Names"][0].strip("/"): row["State"] for row in rows}


def test_what_was_damaged_is_mended_or_said() -> None:
    with OurEngine() as engine:
        engine.load(busybox_archive(TEST_IMAGE))
        engine.json("POST", "/networks/create", {"Name": "kept"})
        engine.json("POST", "/volumes/create", {"Name": "kept"})
        asker = _create(engine, "asker", NetworkMode="kept")
        names = ("sound", "half", "folderless", "ended")
        ids = {name: _create(engine, name, NetworkMode="kept") for name in names}
        engine.request("POST", f"/containers/{ids['ended']}/stop?t=0")
        state = engine.json("GET", f"/containers/{ids['folderless']}/json")[1]
        lost = state["State"]["Pid"]
        shim = parent_of(lost)
        engine.kill()
        _damage(engine.data_root, ids)

        engine.start()
        running = dict.fromkeys(("asker", "sound", "half"), "running")
        assert _states(engine) == {**running, "folderless": "exited", "ended": "exited"}
        wait_until(lambda: is_dead(lost) and is_dead(shim), "the lost one has ended")
        done = engine.docker("exec", asker, "ping", "-c1", "-W5", "sound")
        assert done.returncode == 0, done.stderr
        for name in ("folderless", "ended"):
            assert engine.request("POST", f"/containers/{ids[name]}/start")[0] == 204
        netds = [n for n in processes_of(engine).values() if n == "labkit-netd"]
        assert len(netds) == 1
        assert [v["Name"] for v in engine.json("GET", "/volumes")[1]["Volumes"]]
        said = engine.log.read_text()
        for text in ("restored 5 containers", "its backup", "folderless", "lost its"):
            assert text in said
        assert "Traceback" not in said
        _refuses_what_it_cannot_mend(engine)


def _damage(root: Path, ids: IDS) -> None:
    for log in root.glob("store.db*"):
        log.write_bytes(b"\0" * 5000)
    for log in root.glob("images.db*"):
        if not log.name.endswith("backup"):
            log.unlink()
    _truncate(root / "containers" / ids["half"] / "config.json")
    (root / "containers" / ids["ended"] / "exit.json").write_text('{"exit_co')
    shutil.rmtree(root / "containers" / ids["folderless"])
    shutil.rmtree(root / "network")
    (root / "tmp" / "folder").mkdir()
    (root / "containers" / ("a" * 64)).write_text("no folder at all")
    (root / "containers" / "something").mkdir()


def _refuses_what_it_cannot_mend(engine: OurEngine) -> None:
    """Without any record, containers are not taken for rubbish."""
    root = engine.data_root
    engine.stop()
    aside = engine.root / "aside"
    aside.mkdir()
    for file in root.glob("store.*"):
        shutil.move(file, aside)
    before = sorted(path.name for path in (root / "containers").iterdir())
    command = [sys.executable, "-m", "labkit.daemon", "--data-root", str(root)]
    done = subprocess.run(
        [*command, "--socket", str(engine.socket)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "but there are 5 containers in" in done.stderr
    assert "Traceback" not in done.stderr
    assert before == sorted(path.name for path in (root / "containers").iterdir())
    for file in root.glob("store.*"):
        file.unlink()
    for file in aside.iterdir():
        shutil.move(file, root)
    engine.start()
    assert len(_states(engine)) == 5
