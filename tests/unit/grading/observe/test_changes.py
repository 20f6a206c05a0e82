import threading

import pytest

from labkit.base.errors import UnavailableError
from labkit.grading.observe.changes import LISTENER, Changes, of_note
from labkit.grading.observe.made import PROBE_LABEL
from tests.unit.jupyter.live.fakes import live_engine
from tests.waiting import wait_until


def test_tells_at_the_start_after_each_change_and_at_the_end(tmp_path):
    with live_engine(tmp_path) as (engine, host):
        changes = Changes(host, ["container"])
        changes.start()
        assert changes.wait(10)
        assert not changes.wait(0)
        engine.emit({"Type": "container", "Action": "start"})
        assert changes.wait(10)
        assert changes.lost == ""
        engine.end()
        with pytest.raises(UnavailableError, match="the engine has stopped"):
            changes.wait(10)
        assert changes.lost == "the engine has stopped"
        changes.close()


def test_who_waits_is_woken_by_the_close(tmp_path):
    with live_engine(tmp_path) as (_, host):
        changes = Changes(host, ["container"])
        changes.start()
        assert changes.wait(10)
        changes.close()
        assert changes.wait(10)


def test_its_own_close_is_no_loss(tmp_path):
    with live_engine(tmp_path) as (_, host):
        changes = Changes(host, ["container"])
        changes.start()
        changes.close()
        wait_until(lambda: not _listens(), "the listener ends")
        assert not changes.lost


def _listens():
    return any(thread.name == LISTENER for thread in threading.enumerate())


def test_nobody_there_is_said_at_once(tmp_path):
    with pytest.raises(UnavailableError, match="no engine answers"):
        Changes(f"unix://{tmp_path}/none.sock", ["container"]).start()


@pytest.mark.parametrize(
    "event",
    [
        {"Action": "exec_start: wget -q"},
        {"Action": "archive-path", "Actor": {"Attributes": {"name": "web"}}},
        {"Action": "create", "Actor": {"Attributes": {PROBE_LABEL: "1"}}},
        {"Action": "save", "Actor": None},
    ],
)
def test_who_only_looks_changes_nothing(event):
    assert list(of_note(iter([event]))) == []


@pytest.mark.parametrize("action", ["start", "die", "health_status: healthy", "tag"])
def test_what_a_learner_does_is_a_change(action):
    event = {"Action": action, "Actor": {"Attributes": {"name": "web"}}}
    assert list(of_note(iter([event]))) == [event]
