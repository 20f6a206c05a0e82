"""Hearing of changes."""

import threading
from pathlib import Path

import docker
import pytest

from labkit.base.errors import UnavailableError
from labkit.jupyter.live.feed import Feed
from tests.unit.jupyter.live.fakes import live_engine
from tests.waiting import wait_until


class Listener:
    """Notes what a feed tells."""

    def __init__(self) -> None:
        self.drawn = 0
        self.lost: list[str] = []
        self.may_draw = threading.Event()
        self.may_draw.set()

    def on_change(self, client: docker.APIClient) -> None:
        self.may_draw.wait(10)
        client.containers(all=True)
        self.drawn += 1


def test_draws_at_the_start_and_after_each_change(tmp_path: Path) -> None:
    listener = Listener()
    with live_engine(tmp_path) as (engine, host):
        feed = Feed(host, listener.on_change, listener.lost.append)
        feed.start()
        wait_until(lambda: listener.drawn == 1, "the first drawing")
        engine.emit({"Type": "container", "Action": "start"})
        wait_until(lambda: listener.drawn == 2, "the second one")
        # What a health check does is no change; the next event shows it was skipped.
        engine.emit({"Type": "container", "Action": "exec_start: wget"})
        engine.emit({"Type": "network", "Action": "connect"})
        wait_until(lambda: listener.drawn == 3, "the third one")
        feed.close()
    assert listener.lost == []


def test_many_changes_while_it_draws_make_one_more_drawing(tmp_path: Path) -> None:
    listener = Listener()
    with live_engine(tmp_path) as (engine, host):
        feed = Feed(host, listener.on_change, listener.lost.append)
        listener.may_draw.clear()
        feed.start()
        engine.streaming.wait(10)
        for _ in range(20):
            engine.emit({"Type": "container", "Action": "start"})
        engine.end()
        wait_until(engine.pieces.empty, "all are sent")
        listener.may_draw.set()
        wait_until(lambda: listener.lost, "the end")
    assert listener.drawn <= 2
    assert listener.lost == ["the engine has stopped"]


def test_nobody_there_is_said_at_once(tmp_path: Path) -> None:
    listener = Listener()
    feed = Feed(f"unix://{tmp_path}/no", listener.on_change, listener.lost.append)
    with pytest.raises(UnavailableError):
        feed.start()
