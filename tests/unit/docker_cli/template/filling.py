"""Filling a template in one line."""

from labkit.docker_cli.template.execute import execute
from labkit.docker_cli.template.parser import parse_template


def fill(source, value=None, strict=False):
    return execute(parse_template(source), source, value, strict)
