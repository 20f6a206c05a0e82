"""``labkit doctor``: what this machine can do. The engine's side looks; we pass it on.

It is a process of its own because it tries things (namespaces, mounts) in children,
and because the learner's side does not import the engine's.
"""

import subprocess
import sys

import click

from labkit.cli.engine_process import package_parent


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Say what this machine can and can't do, and the remedy. Exit 1: a must."""
    command = [sys.executable, "-m", "labkit.daemon.doctor"]
    if as_json:
        command.append("--json")
    sys.stdout.flush()
    done = subprocess.run(command, check=False, cwd=package_parent())
    sys.exit(done.returncode)
