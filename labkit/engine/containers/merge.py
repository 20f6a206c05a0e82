"""A container's configuration: what the client said, completed by the image.

What the client says wins; lists of names (environment, labels, ports, volumes) are
completed entry by entry. A new entrypoint discards the image's command, since that
was written as its arguments.
"""

from dataclasses import replace

from labkit.base.errors import InvalidInputError
from labkit.engine.model import ContainerConfig
from labkit.spec.image import ContainerDefaults, Healthcheck


def merge_config(
    config: ContainerConfig, defaults: ContainerDefaults
) -> ContainerConfig:
    """Complete a configuration by an image's.

    Raises:
        InvalidInputError: neither says what to run.
    """
    entrypoint, cmd = _program(config, defaults)
    if not entrypoint and not cmd:
        raise InvalidInputError("No command specified")
    return replace(
        config,
        user=config.user or defaults.user,
        exposed_ports=_union(config.exposed_ports, tuple(defaults.exposed_ports)),
        env=_merge_env(config.env, defaults.env),
        labels={**defaults.labels, **config.labels},
        entrypoint=entrypoint,
        cmd=cmd,
        volumes=_union(config.volumes, tuple(defaults.volumes)),
        working_dir=config.working_dir or defaults.working_dir,
        stop_signal=config.stop_signal or defaults.stop_signal,
        healthcheck=_merge_healthcheck(config.healthcheck, defaults.healthcheck),
        shell=config.shell or defaults.shell,
        on_build=config.on_build or defaults.on_build,
    )


def split_program(config: ContainerConfig) -> tuple[str, tuple[str, ...]]:
    """Return the program and its arguments: entrypoint and command put together."""
    words = (*(config.entrypoint or ()), *(config.cmd or ()))
    return words[0], words[1:]


def _program(
    config: ContainerConfig, defaults: ContainerDefaults
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    entrypoint, cmd = config.entrypoint, config.cmd
    if not entrypoint:
        cmd = cmd or defaults.cmd
        if entrypoint is None:
            entrypoint = defaults.entrypoint
    if entrypoint == ("",):  # docker run --entrypoint "": none at all
        entrypoint = None
    return entrypoint, cmd


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _merge_env(own: tuple[str, ...], image: tuple[str, ...]) -> tuple[str, ...]:
    named = {entry.partition("=")[0] for entry in own}
    return own + tuple(entry for entry in image if entry.partition("=")[0] not in named)


def _merge_healthcheck(
    own: Healthcheck | None, image: Healthcheck | None
) -> Healthcheck | None:
    if own is None or image is None:
        return own or image
    return Healthcheck(
        test=own.test or image.test,
        interval=own.interval or image.interval,
        timeout=own.timeout or image.timeout,
        start_period=own.start_period or image.start_period,
        start_interval=own.start_interval or image.start_interval,
        retries=own.retries or image.retries,
    )
