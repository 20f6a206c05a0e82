"""A container's record from words, as ``docker create`` makes it."""

from labkit.docker_cli.container.new import CREATE_RULES
from labkit.docker_cli.container.settings import container_settings
from labkit.docker_cli.flags import parse
from labkit.docker_cli.pages import read_page

PAGE = read_page("container/create")


def settings(*words):
    parsed = parse(PAGE.flags, [*words, "busybox"], CREATE_RULES)
    return container_settings(parsed.values, parsed.arguments)


def values_of(*words):
    return parse(PAGE.flags, words, CREATE_RULES).values
