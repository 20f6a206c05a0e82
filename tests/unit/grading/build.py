"""Records for tests, by keyword: what is not named is as in an ordinary container."""

from collections.abc import Mapping
from typing import Any

from labkit.grading.checks.model import Finding
from labkit.grading.checks.table import FAMILIES
from labkit.grading.model import Belongings, Check, Exercise, HintLadder
from labkit.grading.probes import (
    Answer,
    Attachment,
    Container,
    ContainerProbe,
    Image,
    Network,
    NetworkProbe,
    Observation,
    PortBinding,
    Probe,
    Unavailable,
)

DOWN = Unavailable("no engine answers")


def make_container(name: str = "web", **changes: Any) -> Container:
    fields: dict[str, Any] = {
        "id": "c0ffee" * 10 + "0000",
        "name": name,
        "image": "nginx",
        "status": "running",
        "exit_code": 0,
        "health": None,
        "argv": ("nginx",),
        "user": "",
        "hostname": "c0ffee",
        "stop_signal": "",
        "env": {},
        "labels": {},
        "mounts": {},
        "read_only_mounts": frozenset(),
        "ports": (),
        "network_mode": "default",
        "attachments": {},
        "restart": "no",
        "memory_bytes": 0,
        "nano_cpus": 0,
        "pids_limit": 0,
        "read_only": False,
        "privileged": False,
        "log_driver": "json-file",
        "log_options": {},
    }
    return Container(**(fields | changes))


def make_network(name: str = "net", **changes: Any) -> Network:
    fields: dict[str, Any] = {
        "id": "f00d" * 16,
        "name": name,
        "driver": "bridge",
        "internal": False,
        "attachable": False,
        "subnets": ("10.9.0.0/24",),
        "gateways": ("10.9.0.1",),
        "labels": {},
        "members": frozenset(),
    }
    return Network(**(fields | changes))


def make_image(**changes: Any) -> Image:
    fields: dict[str, Any] = {
        "id": "sha256:" + "ab" * 32,
        "tags": ("app:latest",),
        "size_bytes": 10 << 20,
        "layer_ids": ("sha256:a", "sha256:b", "sha256:c"),
        "user": "app",
        "env": {},
        "labels": {"team": "red"},
        "ports": frozenset(),
        "entrypoint": (),
        "cmd": (),
        "workdir": "",
        "has_health_check": False,
    }
    return Image(**(fields | changes))


def attach(*networks: str, ip: str = "10.9.0.2", **aliases: tuple[str, ...]) -> Any:
    return {
        name: Attachment(name, ip, frozenset(aliases.get(name, ())))
        for name in networks
    }


def publish(host_ip: str, host: int, inside: int, protocol: str = "tcp") -> PortBinding:
    return PortBinding(host_ip, host, inside, protocol)


def see(
    *things: Container | Network, more: Mapping[Probe, Answer] | None = None
) -> Any:
    """Make an observation of these; what else is asked for was not there."""
    answers: dict[Probe, Answer] = dict(more or {})
    for thing in things:
        if isinstance(thing, Container):
            answers[ContainerProbe(thing.name)] = thing
        else:
            answers[NetworkProbe(thing.name)] = thing
    return _World(answers)


class _World(Observation):
    """An observation in which everything unnamed is absent."""

    def ask(self, probe: Probe) -> Answer:
        if probe not in self.answers:
            return None
        return Observation.ask(self, probe)


def find(word: str, seen: Observation, **params: Any) -> list[Finding]:
    """Judge one word of the vocabulary."""
    family = FAMILIES[word]
    return list(family.judge(family.params.model_validate(params), seen))


def fields(word: str, seen: Observation, **params: Any) -> list[str]:
    return [finding.field for finding in find(word, seen, **params)]


def make_check(word: str, id: str = "", points: int = 1, **params: Any) -> Check:
    family = FAMILIES[word]
    needs = tuple(params.pop("needs", ()))
    typed = family.params.model_validate(params)
    return Check(id or word, family.sentence(typed), family, typed, points, needs)


def make_exercise(*checks: Check, **changes: Any) -> Exercise:
    values: dict[str, Any] = {
        "id": "c05-e1",
        "title": "An exercise",
        "chapter": "chapter05",
        "task": "Do it.",
        "checks": checks,
        "hints": (HintLadder(("one", "two", "three")),),
        "solution": "true",
        "owns": Belongings(),
    }
    return Exercise(**(values | changes))
