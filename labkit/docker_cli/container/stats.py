"""``docker stats``: what containers use, once or until ctrl-c."""

from __future__ import annotations

import threading

from labkit.docker_cli.arguments import ANY
from labkit.docker_cli.client import Client, path_of
from labkit.docker_cli.container.usage import STATS, Usage, empty_row
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.listing import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = ANY

_COLUMNS = ("ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs")
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
_PERIOD_SECONDS = 0.5


def run(cli: Cli, call: Call) -> int:
    """Show what containers use."""
    values = call.values
    names = call.arguments or _listed(cli, values.on("all"))
    layout = values.text("format") or str(cli.config.values.get("statsFormat") or "")
    wanted = _COLUMNS if layout in ("", "table") else layout
    cut = not values.on("no-trunc")
    if values.on("no-stream"):
        rows = _once(cli, names)
        if rows:
            cli.write(render(STATS, rows, wanted, cut))
        return 0
    watch = _Watch(cli, every=values.on("all") if not call.arguments else None)
    watch.follow(names)
    while True:
        rows = watch.rows()
        if not rows and call.arguments:
            cli.write(_HOME + _CLEAR_REST)
            return 0
        text = render(STATS, rows, wanted, cut)
        lines = "".join(f"{line}{_CLEAR_LINE}\n" for line in text.split("\n"))
        cli.write(_HOME + lines + _CLEAR_REST)
        cli.flush()
        watch.pause(_PERIOD_SECONDS)


def _listed(cli: Cli, every: bool) -> list[str]:
    query = {"all": "1"} if every else {}
    return [item["Id"] for item in cli.client.get("/containers/json", query)]


def _once(cli: Cli, names: list[str]) -> list[Json]:
    """Ask for each at the same time: an engine takes a second for one answer."""
    found: dict[str, Json] = {}
    failures: dict[str, str] = {}

    def ask(name: str) -> None:
        client = Client(cli.client.endpoint)
        path = f"{path_of('containers', name, '/stats')}"
        try:
            found[name] = Usage(name, client.get(path, {"stream": "0"})).row
        except CliError as error:
            failures[name] = str(error)
        finally:
            client.close()

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise CliError("\n".join(failures[name] for name in names if name in failures))
    return [found[name] for name in names if name in found]


class _Watch:
    """Containers that are followed, a thread each, and those that come and go."""

    def __init__(self, cli: Cli, every: bool | None) -> None:
        self._client = cli.client
        self._rows: dict[str, Json] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._failure: CliError | None = None
        if every is not None:
            self._start(self._follow_events, every)

    def _start(self, target: object, *arguments: object) -> None:
        assert callable(target)
        threading.Thread(target=target, args=arguments, daemon=True).start()

    def follow(self, names: list[str]) -> None:
        for name in names:
            with self._lock:
                if name in self._rows:
                    continue
                self._rows[name] = empty_row(name)
            self._start(self._read, name)

    def rows(self) -> list[Json]:
        if self._failure is not None:
            raise self._failure
        with self._lock:
            return list(self._rows.values())

    def pause(self, seconds: float) -> None:
        self._news.wait(seconds)

    def _read(self, name: str) -> None:
        client = Client(self._client.endpoint)
        path = path_of("containers", name, "/stats")
        try:
            for value in client.call("GET", path, {"stream": "1"}).values():
                with self._lock:
                    if name not in self._rows:
                        return
                    self._rows[name] = Usage(name, value).row
        except CliError as error:
            self._failure = error
        with self._lock:
            if name in self._rows:
                self._rows[name] = {**self._rows[name], "Invalid": True}

    def _follow_events(self, every: bool) -> None:
        client = Client(self._client.endpoint)
        filters = {"filters": {"type": {"container": True}}}
        added = ("start", "create") if every else ("start",)
        gone = ("destroy",) if every else ("die", "destroy")
        for event in client.call("GET", "/events", filters).values():
            identity = event["Actor"]["ID"]
            if event["Action"] in added:
                self.follow([identity])
            elif event["Action"] in gone:
                with self._lock:
                    self._rows.pop(identity, None)
