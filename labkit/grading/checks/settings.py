"""The parameters of ``container``."""

import re
from typing import Literal

from pydantic import Field, field_validator

from labkit.grading.checks.model import Params, Pattern, Size, as_texts

PUBLISHED = re.compile(
    r"(?:(?P<ip>[0-9.]+|\[[0-9a-f:]+\]):)?(?P<host>\d+):(?P<port>\d+)"
    r"(?:/(?P<protocol>tcp|udp))?"
)
"""A published port, as an author writes it."""

State = Literal["running", "exited", "paused", "created", "restarting", "dead", "any"]
Condition = Literal[
    "service_started", "service_healthy", "service_completed_successfully"
]


class ContainerParams(Params):
    """A container, and what is asked of it."""

    name: str = Field(description="the container's name")
    state: State = Field("running", description="its state; `any` if all are fine")
    image: str | None = Field(
        None, description="the image, as `docker run` names it; its id will do"
    )
    image_matches: Pattern | None = Field(
        None, description="a regular expression for the name it was made by"
    )
    exit_code: int | None = None
    env: dict[str, str] = Field({}, description="variables it must have been given")
    labels: dict[str, str] = Field({})
    waits_for: dict[str, Condition] = Field(
        {}, description="services of Compose that it waits for, and until they are what"
    )
    mounts: dict[str, str] = Field(
        {}, description="path in the container: volume name or path of the machine"
    )
    no_mounts: bool = Field(False, description="nothing may be mounted into it")
    read_only_mounts: tuple[str, ...] = Field(
        (), description="paths at which something is mounted that can't be written"
    )
    bind_mounts: tuple[str, ...] = Field(
        (), description="paths at which a folder or file of the machine is mounted"
    )
    ports: tuple[str, ...] = Field(
        (), description="published ports, as `-p` takes them; [ip:]port:port[/udp]"
    )
    no_ports: bool = Field(False, description="nothing of it may be published")
    networks: tuple[str, ...] = Field((), description="networks it must be on")
    only_networks: tuple[str, ...] | None = Field(
        None, description="networks it must be on, and no others"
    )
    not_networks: tuple[str, ...] = Field((), description="networks it must not be on")
    pid_mode: str | None = Field(
        None, description="`host` or `container:NAME`: whose process numbers it shares"
    )
    network_mode: str | None = Field(
        None, description="`host`, `none`, `bridge` or `container:NAME`"
    )
    aliases: dict[str, tuple[str, ...]] = Field(
        {}, description="network: further names it must have there"
    )
    memory: Size | None = Field(None, description="memory limit, such as `64m`")
    cpus: float | None = None
    pids: int | None = None
    user: str | None = None
    hostname: str | None = None
    stop_signal: str | None = Field(None, description="such as SIGQUIT")
    restart: str | None = Field(None, description="`no`, `always`, `on-failure:3`...")
    runs: str | None = Field(
        None, description="text of its command line: of the program it must run"
    )
    health_matches: Pattern | None = Field(
        None, description="a regular expression found in its health check's command"
    )
    health: Literal["starting", "healthy", "unhealthy"] | None = None
    read_only: bool | None = None
    privileged: bool | None = None
    log_driver: str | None = None
    log_options: dict[str, str] = Field({}, description="as `--log-opt` takes them")

    @field_validator("ports")
    @classmethod
    def _are_ports(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if not PUBLISHED.fullmatch(text):
                raise ValueError(f"{text!r} is not of the form [ip:]port:port[/udp]")
        return value

    @field_validator("env", "labels", "log_options", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return as_texts(value)
