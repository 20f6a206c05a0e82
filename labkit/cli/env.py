"""``labkit env``: shell lines, so that docker and docker compose reach the engine."""

import os
import shlex

import click

from labkit.base.environment import lab_environment
from labkit.cli.engine_process import find_place
from labkit.cli.options import place_options
from labkit.docker_cli.config import Config, default_folder
from labkit.docker_cli.contexts import Context, save

CONTEXT = "labkit"


@click.command()
@place_options
@click.option("--unset", is_flag=True, help="Print the lines that undo it.")
@click.option("--context", is_flag=True, help="Make your docker's context `labkit`.")
def env(data_root: str | None, socket: str | None, unset: bool, context: bool) -> None:
    """Print shell lines for the lab: `eval "$(labkit env)"`.

    Starts nothing: any command that needs the engine does that. With --context your own
    docker, outside the lab, gets a context for the engine: `docker context use labkit`.
    """
    if unset:
        click.echo("unset DOCKER_HOST DOCKER_CONFIG")
        return
    named = os.environ.get("DOCKER_HOST")
    if data_root or socket or not named:
        named = find_place(data_root, socket).docker_host
    if context:
        config = Config(default_folder())
        save(config, Context(CONTEXT, named, "The engine of labkit"))
        click.echo(f"docker context use {CONTEXT}")
        return
    for name, value in lab_environment(named).items():
        click.echo(f"export {name}={shlex.quote(value)}")
