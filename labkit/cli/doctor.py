"""``labkit doctor``: what this machine can do. The engine's side looks; we pass it on.

It is a process of its own because it tries things (namespaces, mounts) in children,
and because the learner's side does not import the engine's.
"""

import json
import subprocess
import sys

import click

from labkit.base.docker_command import (
    DockerCommand,
    choose_docker,
    ensure_bundled_docker,
)
from labkit.base.home import lab_home
from labkit.cli.engine_process import package_parent


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Say what this machine can and can't do, and the remedy.

    Exit code 1: something that the engine must have is missing.
    """
    command = [sys.executable, "-m", "labkit.daemon.doctor"]
    if as_json:
        command.append("--json")
    sys.stdout.flush()
    done = subprocess.run(
        command, check=False, cwd=package_parent(), stdout=subprocess.PIPE, text=True
    )
    docker = describe_docker()
    if as_json and done.stdout.startswith("{"):
        document = {**json.loads(done.stdout), "docker": docker}
        click.echo(json.dumps(document, indent=2))
    else:
        click.echo(done.stdout, nl=False)
        if not as_json:
            click.echo("docker: {version}, {path} ({command})".format_map(docker))
    sys.exit(done.returncode)


def describe_docker() -> dict[str, str]:
    """Return which command line answers to ``docker`` in the lab, and its version."""
    chosen = choose_docker(lab_home())
    if chosen.command is DockerCommand.BUNDLED:
        ensure_bundled_docker(lab_home())
    done = subprocess.run(
        [chosen.path, "--version"], capture_output=True, text=True, check=False
    )
    version = done.stdout.strip() or "no version"
    return {
        "command": chosen.command.value,
        "path": str(chosen.path),
        "version": version,
    }
