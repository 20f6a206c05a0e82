"""``labkit engine``: the engine's own life. One command a verb, each a few lines."""

import json
import os
import shlex
import shutil
import subprocess
import sys

import click

from labkit.base.errors import (
    ConflictError,
    InvalidInputError,
    UnavailableError,
    UnsupportedError,
)
from labkit.base.home import default_socket
from labkit.cli import engine_process
from labkit.cli.engine_process import EnginePlace, find_place
from labkit.cli.options import confirm, door_options, place_options

_SIGNS_OF_DATA_ROOT = ("store.db", "run", "containers", "images.db")


@click.group()
def engine() -> None:
    """Start, stop and look at the engine: one a data root, any number at once."""


@engine.command()
@place_options
@door_options
@click.option("--foreground", is_flag=True, help="Stay here; stop with ctrl-c.")
def start(
    data_root: str | None, socket: str | None, foreground: bool, doors: tuple[str, ...]
) -> None:
    """Start the engine; return when it answers."""
    place = find_place(data_root, socket)
    if engine_process.is_answering(place):
        if doors:
            raise ConflictError(
                f"the engine runs already at {place.docker_host}, and is told "
                f"{doors[0]} only when it starts: stop it first"
            )
        click.echo(f"the engine runs already at {place.docker_host}")
        return
    if foreground:
        engine_process.refuse_hopeless()
        os.chdir(engine_process.package_parent())
        command = engine_process.daemon_command(place, doors)
        os.execv(command[0], command)
    pid = engine_process.start(place, doors)
    click.echo(f"the engine runs at {place.docker_host} (process {pid})")
    if os.environ.get("DOCKER_HOST") != place.docker_host:
        who = "docker" if place == find_place() else "docker and labkit"
        click.echo(f'for {who} in this shell: eval "$({env_command(place)})"', err=True)


def env_command(place: EnginePlace) -> str:
    """Return the `labkit env` that means this engine: without options, the default."""
    usual = find_place()
    if place == usual:
        return "labkit env"
    options = []
    if place.data_root != usual.data_root:
        options += ["--data-root", str(place.data_root)]
    if place.socket != default_socket(place.data_root):
        options += ["--socket", str(place.socket)]
    return shlex.join(["labkit", "env", *options])


@engine.command()
@place_options
def stop(data_root: str | None, socket: str | None) -> None:
    """Stop the engine and its containers.

    Images, volumes and the containers' records stay.
    """
    place = find_place(data_root, socket)
    if engine_process.stop(place):
        click.echo("the engine has stopped")
    elif engine_process.is_answering(place):
        raise ConflictError(
            f"cannot stop the engine at {place.docker_host}: "
            f"no process is noted in {place.pid_file}"
        )
    else:
        click.echo("the engine was not running")


@engine.command()
@place_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(data_root: str | None, socket: str | None, as_json: bool) -> None:
    """Say whether the engine runs. Exit code 0: it does; 1: it does not."""
    place = find_place(data_root, socket)
    facts = _facts(place)
    if as_json:
        click.echo(json.dumps({"version": 1, **facts}, indent=2))
    else:
        for name, value in facts.items():
            shown = "-" if value is None else value
            click.echo(f"{name.replace('_', ' '):<12} {shown}")
    sys.exit(0 if facts["state"] == "running" else 1)


def _facts(place: EnginePlace) -> dict[str, object]:
    facts: dict[str, object] = {
        "state": "stopped",
        "socket": str(place.socket),
        "data_root": str(place.data_root),
    }
    try:
        version = engine_process.get_json(place, "/version")
        info = engine_process.get_json(place, "/info")
    except UnavailableError:
        pid = engine_process.read_pid(place)
        if pid is not None and engine_process.is_daemon(pid):
            facts.update(state="not answering", pid=pid)
        return facts
    return {
        **facts,
        "state": "running",
        "pid": engine_process.read_pid(place),
        "engine": version.get("Version"),
        "api": version.get("ApiVersion"),
        "containers": info.get("Containers"),
        "running": info.get("ContainersRunning"),
        "images": info.get("Images"),
    }


@engine.command()
@place_options
@click.option("--lines", "-n", default=100, show_default=True, help="How many lines.")
@click.option("--follow", "-f", is_flag=True, help="Go on as they come.")
def logs(data_root: str | None, socket: str | None, lines: int, follow: bool) -> None:
    """Show what the engine wrote to its log."""
    place = find_place(data_root, socket)
    if not place.log_file.exists():
        raise UnavailableError(f"there is no log yet: {place.log_file}")
    options = ["-F"] if follow else []
    sys.stdout.flush()
    command = ["tail", *options, "-n", str(lines), str(place.log_file)]
    sys.exit(subprocess.run(command, check=False).returncode)


@engine.command()
@place_options
@click.option("--yes", is_flag=True, help="Ask nothing.")
def reset(data_root: str | None, socket: str | None, yes: bool) -> None:
    """Stop the engine and remove its data root.

    Containers, networks, volumes and images are gone.
    """
    place = find_place(data_root, socket)
    if not place.data_root.exists():
        click.echo(f"there is nothing at {place.data_root}")
        return
    _refuse_strange_folder(place)
    confirm(f"Remove everything in {place.data_root}?", yes)
    remove_engine(place)
    click.echo(f"removed {place.data_root}")


def remove_engine(place: EnginePlace) -> None:
    """Stop the engine of a data root and remove all that is in it.

    Raises:
        InvalidInputError: no engine made that folder.
        ConflictError: something of it can't be removed.
    """
    _refuse_strange_folder(place)
    was_running = engine_process.stop(place)
    if not was_running and _died_hard(place):
        # What a killed engine left running (containers, its network) is adopted by
        # the next one, which then stops in order.
        engine_process.start(place)
        engine_process.stop(place)
    _refuse_mounts(place)
    shutil.rmtree(place.data_root)


def _refuse_strange_folder(place: EnginePlace) -> None:
    """Never remove a folder that no engine made."""
    entries = {path.name for path in place.data_root.iterdir()}
    if entries and not entries & set(_SIGNS_OF_DATA_ROOT):
        raise InvalidInputError(f"{place.data_root} is not an engine's data root")


def _died_hard(place: EnginePlace) -> bool:
    """Say whether the last engine was killed: one that stops takes its pid file."""
    containers = place.data_root / "containers"
    return place.pid_file.exists() or (
        containers.is_dir() and any(containers.iterdir())
    )


def _refuse_mounts(place: EnginePlace) -> None:
    """Removing a folder goes through what is mounted in it: so nothing may be."""
    inside = f"{place.data_root}/"
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        points = [line.split()[1] for line in mounts]
    left = [point for point in points if point.startswith(inside)]
    if left:
        raise ConflictError(
            f"cannot remove {place.data_root}: {left[0]} is still mounted; "
            "start and stop the engine once more"
        )


@engine.command(context_settings={"ignore_unknown_options": True})
@place_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def enter(data_root: str | None, socket: str | None, command: tuple[str, ...]) -> None:
    """Run a command in the engine's network.

    For example `labkit engine enter -- ip link`. Root brings the machine's own programs
    along. For others a container does it, so they find what BusyBox has.
    """
    host = os.environ.get("DOCKER_HOST", "")
    if not (data_root or socket) and host.startswith("unix://"):
        # Like every command that looks at containers: the engine that was named.
        socket = host.removeprefix("unix://")
    place = find_place(data_root, socket)
    if not (host or engine_process.is_answering(place)):
        engine_process.start(place)
    facts = engine_process.get_json(place, "/labkit/facts")
    namespace = facts.get("network_namespace")
    if not namespace:
        raise UnavailableError("the engine has no network namespace of its own now")
    arguments = enter_command(namespace, host or place.docker_host, os.geteuid() == 0)
    program = shutil.which(arguments[0])
    if program is None:
        raise UnsupportedError(f"{arguments[0]} is not installed: `labkit doctor`")
    sys.stdout.flush()
    os.execv(program, [*arguments, "--", *command])


def enter_command(namespace: str, docker_host: str, is_root: bool) -> list[str]:
    """Return what runs a command in a network namespace.

    setns(2) wants root. Whoever may open the engine's socket is as good as root, by a
    privileged container that sees the machine's processes.
    """
    inside = ["nsenter", f"--net={namespace}"]
    if is_root:
        return inside
    terminal = ["--tty"] if sys.stdin.isatty() and sys.stdout.isatty() else []
    container = ["run", "--rm", "--interactive", *terminal, "--network=none"]
    container += ["--privileged", "--pid=host", "busybox"]
    return ["docker", "-H", docker_host, *container, *inside]
