"""The live views: a table of containers with logs and charts, and the topology.

They redraw when the engine says that something has changed. One view of a kind is
alive at a time: showing it again ends the one before, so that a notebook that is run
over and over doesn't collect threads. Buttons and lists are ordinary ones: all works
by keyboard.
"""

import html
from typing import Protocol

import docker
import ipywidgets

from labkit.jupyter.live.feed import Feed
from labkit.jupyter.live.follow import (
    Follower,
    charts_of,
    last_lines,
    log_of,
    stats_of,
)
from labkit.jupyter.live.table import draw_table
from labkit.jupyter.live.topology import describe, draw_topology
from labkit.jupyter.live.world import World, read_world

_NOTHING, _LOG, _STATS = "nothing", "its log", "what it uses"


class View(Protocol):
    """Something that is redrawn until it is closed."""

    @property
    def box(self) -> ipywidgets.VBox: ...

    def close(self) -> None: ...


_alive: dict[str, View] = {}


def show_containers(docker_host: str) -> ipywidgets.VBox:
    """Return the live table of containers."""
    return _only("containers", ContainersView(docker_host))


def show_topology(docker_host: str) -> ipywidgets.VBox:
    """Return the live drawing of networks and containers."""
    return _only("topology", TopologyView(docker_host))


def close_views() -> None:
    """End all live views of this kernel."""
    for view in _alive.values():
        view.close()
    _alive.clear()


def _only(kind: str, view: View) -> ipywidgets.VBox:
    before = _alive.pop(kind, None)
    if before is not None:
        before.close()
    _alive[kind] = view
    return view.box


class TopologyView:
    """A drawing, and the same in words for who can't see it."""

    def __init__(self, docker_host: str) -> None:
        self._picture = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self._picture])
        self._feed = Feed(docker_host, self._draw, self._lose)
        self._feed.start()

    def close(self) -> None:
        self._feed.close()

    def _draw(self, client: docker.APIClient) -> None:
        world = read_world(client)
        words = html.escape(describe(world))
        self._picture.value = (
            f"{draw_topology(world)}<details><summary>in words</summary>"
            f"<p>{words}</p></details>"
        )

    def _lose(self, reason: str) -> None:
        self._picture.value += _lost(reason)


class ContainersView:
    """A table, and below it one container's log or charts, as chosen."""

    def __init__(self, docker_host: str) -> None:
        self._docker_host = docker_host
        self._table = ipywidgets.HTML()
        self._name = _list("Container")
        self._what = _list("Show", _NOTHING, _LOG, _STATS)
        self._below = ipywidgets.HTML()
        choice = ipywidgets.HBox([self._name, self._what])
        self.box = ipywidgets.VBox([self._table, choice, self._below])
        self._follower: Follower | None = None
        for control in (self._name, self._what):
            control.observe(lambda _: self._follow(), names="value")
        self._feed = Feed(docker_host, self._draw, self._lose)
        self._feed.start()

    def close(self) -> None:
        self._feed.close()
        self._stop_following()

    def _draw(self, client: docker.APIClient) -> None:
        world = read_world(client)
        self._table.value = draw_table(world)
        self._offer(world)

    def _offer(self, world: World) -> None:
        """Offer the containers there are, and stay with the one that was chosen."""
        names = tuple(box.name for box in world.boxes)
        if names != self._name.options:
            chosen = self._name.value
            self._name.options = names
            self._name.value = chosen if chosen in names else next(iter(names), None)

    def _follow(self) -> None:
        self._stop_following()
        name, what = self._name.value, self._what.value
        if not name or what == _NOTHING:
            self._below.value = ""
            return
        self._below.value = f"<p>Waiting for {html.escape(name)} …</p>"
        stream, pictures = (
            (log_of(name), last_lines)
            if what == _LOG
            else (stats_of(name), charts_of(name))
        )
        self._follower = Follower(self._docker_host, stream, pictures, self._show)
        self._follower.start()

    def _show(self, picture: str) -> None:
        self._below.value = picture

    def _stop_following(self) -> None:
        if self._follower is not None:
            self._follower.close()
            self._follower = None

    def _lose(self, reason: str) -> None:
        self._table.value += _lost(reason)


def _list(label: str, *options: str) -> ipywidgets.Dropdown:
    """Make a list to choose from; radio buttons of ipywidgets know no arrow keys.

    Its class asks the extension for JupyterLab (``labextension``) to leave its keys
    alone.
    """
    chooser = ipywidgets.Dropdown(description=label, options=options)
    chooser.add_class("labkit-own-keys")
    return chooser


def _lost(reason: str) -> str:
    return f"<p role='status'>? no longer live: {html.escape(reason)}</p>"
