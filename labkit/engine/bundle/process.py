"""The process of a bundle: arguments, environment, user, limits."""

from labkit.base.errors import InvalidInputError
from labkit.engine.bundle.init import with_init
from labkit.engine.bundle.security import (
    build_capabilities,
    forbids_new_privileges,
)
from labkit.engine.bundle.users import Identity
from labkit.engine.model import Container, ExecConfig, HostConfig, Ulimit
from labkit.spec.runtime import ConsoleSize, Process, Rlimit

DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ULIMITS = frozenset(
    {
        *("as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue"),
        *("nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack"),
    }
)


def build_process(
    container: Container, identity: Identity, linked: tuple[str, ...] = ()
) -> Process:
    """Return the first process of a container; ``linked`` is what links tell it."""
    config, host = container.config, container.host_config
    return Process(
        args=with_init(host, (container.path, *container.args)),
        cwd=config.working_dir or "/",
        env=build_environment(container, identity, linked=linked),
        terminal=config.tty,
        console_size=_console_size(host.console_size),
        user=identity.user,
        rlimits=_rlimits(host.resources.ulimits),
        capabilities=build_capabilities(host, identity.user.uid),
        no_new_privileges=forbids_new_privileges(host),
        oom_score_adj=host.oom_score_adj,
    )


def build_exec_process(
    container: Container,
    identity: Identity,
    config: ExecConfig,
    console_size: tuple[int, ...] = (),
    linked: tuple[str, ...] = (),
) -> Process:
    """Return a further process: as the first one, with what exec asked for."""
    host = container.host_config
    privileges = HostConfig(privileged=True) if config.privileged else host
    return Process(
        args=config.cmd,
        cwd=config.working_dir or container.config.working_dir or "/",
        env=build_environment(container, identity, config.env, config.tty, linked),
        terminal=config.tty,
        console_size=_console_size(console_size),
        user=identity.user,
        rlimits=_rlimits(host.resources.ulimits),
        capabilities=build_capabilities(privileges, identity.user.uid),
        no_new_privileges=forbids_new_privileges(host),
        oom_score_adj=host.oom_score_adj,
    )


def build_environment(
    container: Container,
    identity: Identity,
    extra: tuple[str, ...] = (),
    tty: bool | None = None,
    linked: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Return the environment: our defaults first, each replaced where it was said.

    An entry without ``=`` removes a variable, as ``docker run -e NAME`` does when NAME
    is not set where docker runs.
    """
    terminal = container.config.tty if tty is None else tty
    found = {"PATH": DEFAULT_PATH, "HOSTNAME": f"HOSTNAME={container.config.hostname}"}
    if not container.config.hostname:
        del found["HOSTNAME"]
    if terminal:
        found["TERM"] = "TERM=xterm"
    for entry in (*linked, *container.config.env, *extra):
        name, equals, _ = entry.partition("=")
        if equals:
            found[name] = entry
        else:
            found.pop(name, None)
    found.setdefault("HOME", f"HOME={identity.home}")
    return tuple(found.values())


def _console_size(size: tuple[int, ...]) -> ConsoleSize | None:
    if len(size) != 2 or not any(size):
        return None
    return ConsoleSize(height=size[0], width=size[1])


def _rlimits(ulimits: tuple[Ulimit, ...]) -> tuple[Rlimit, ...]:
    found = []
    for limit in ulimits:
        if limit.name not in ULIMITS:
            raise InvalidInputError(f"invalid ulimit type: {limit.name}")
        found.append(Rlimit(f"RLIMIT_{limit.name.upper()}", limit.hard, limit.soft))
    return tuple(found)
