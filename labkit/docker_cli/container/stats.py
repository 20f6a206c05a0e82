"""``docker stats``: what containers use, once or until ctrl-c."""

from __future__ import annotations

import threading
import time

from labkit.docker_cli.arguments import ANY
from labkit.docker_cli.client import Client, path_of
from labkit.docker_cli.container.usage import STATS, Usage, empty_row
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.listing import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = ANY

_COLUMNS = ("ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs")
_HOME, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
_PERIOD_SECONDS = 0.5
_SILENT_SECONDS = 2.0
_ID_LENGTH = 12


def run(cli: Cli, call: Call) -> int:
    """Show what containers use."""
    values = call.values
    names = list(dict.fromkeys(call.arguments)) or _listed(cli, values.on("all"))
    layout = values.text("format") or str(cli.config.values.get("statsFormat") or "")
    wanted = _COLUMNS if layout in ("", "table") else layout
    cut = not values.on("no-trunc")
    if values.on("no-stream"):
        rows = _once(cli, names)
        if rows:
            cli.write(render(STATS, rows, wanted, cut))
        return 0
    watch = _Watch(cli)
    if not call.arguments:
        watch.follow_all(values.on("all"))
    watch.follow(names)
    failures = watch.settle()
    if failures and call.arguments:
        raise CliError("\n".join(str(failures[n]) for n in names if n in failures))
    while True:
        rows = watch.rows()
        text = render(STATS, rows, wanted, cut)
        lines = "".join(f"{line}{_CLEAR_LINE}\n" for line in text.split("\n"))
        cli.write(_HOME + lines + _CLEAR_REST)
        cli.flush()
        time.sleep(_PERIOD_SECONDS)


def _listed(cli: Cli, every: bool) -> list[str]:
    query = {"all": "1"} if every else {}
    return [
        item["Id"][:_ID_LENGTH] for item in cli.client.get("/containers/json", query)
    ]


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

    def __init__(self, cli: Cli) -> None:
        self._client = cli.client
        self._rows: dict[str, Json] = {}
        self._heard: dict[str, float] = {}
        self._failures: dict[str, CliError] = {}
        self._news = threading.Condition()
        self._lost: CliError | None = None

    def follow_all(self, every: bool) -> None:
        """Follow those that there are, and those that come."""
        _start(self._follow_events, every)

    def follow(self, names: list[str]) -> None:
        for name in names:
            with self._news:
                if name in self._rows:
                    continue
                self._rows[name] = empty_row(name)
            _start(self._read, name)

    def settle(self) -> dict[str, CliError]:
        """Wait until all are heard of, or for too long; return what failed."""
        with self._news:
            self._news.wait_for(self._all_heard, _SILENT_SECONDS)
            return dict(self._failures)

    def _all_heard(self) -> bool:
        return all(name in self._heard or name in self._failures for name in self._rows)

    def rows(self) -> list[Json]:
        """Return what is known; of whom nothing was heard for long, nothing is."""
        if self._lost is not None:
            raise self._lost
        latest = time.monotonic() - _SILENT_SECONDS
        with self._news:
            return [
                row if self._heard.get(name, 0) > latest else {**row, "Invalid": True}
                for name, row in self._rows.items()
            ]

    def _read(self, name: str) -> None:
        client = Client(self._client.endpoint)
        path = path_of("containers", name, "/stats")
        try:
            for value in client.call("GET", path, {"stream": "1"}).values():
                with self._news:
                    if name not in self._rows:
                        return
                    self._rows[name] = Usage(name, value).row
                    self._heard[name] = time.monotonic()
                    self._news.notify()
        except CliError as error:
            self._failures[name] = error
        with self._news:
            self._heard[name] = 0
            self._news.notify()

    def _follow_events(self, every: bool) -> None:
        client = Client(self._client.endpoint)
        filters = {"filters": {"type": {"container": True}}}
        added = ("start", "create") if every else ("start",)
        gone = ("destroy",) if every else ("die", "destroy")
        try:
            for event in client.call("GET", "/events", filters).values():
                identity = event["Actor"]["ID"][:_ID_LENGTH]
                if event["Action"] in added:
                    self.follow([identity])
                elif event["Action"] in gone:
                    with self._news:
                        self._rows.pop(identity, None)
        except CliError as error:
            self._lost = error


def _start(target: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=target, args=arguments, daemon=True).start()
