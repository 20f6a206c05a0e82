"""Containers as inspect and ps show them."""

from dataclasses import replace

import pytest

from labkit.api.present.containers import (
    describe_config,
    describe_container,
    describe_mount,
    describe_state,
    describe_status,
    describe_summary,
    flags_of,
)
from labkit.api.versions import NEWEST, ApiVersion
from labkit.engine.containers.inspect import ContainerDetails
from labkit.engine.containers.list import ContainerSummary
from labkit.engine.model import (
    ContainerConfig,
    Health,
    HealthProbe,
    HostConfig,
    MountPoint,
    Status,
)
from labkit.network.model import PortBinding
from labkit.spec.image import Healthcheck
from tests.unit.api.present.records import ID, MIDNIGHT, SECOND, make_container

NOW = MIDNIGHT + 120 * SECOND


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.CREATED, (False, False, False, False)),
        (Status.RUNNING, (True, False, False, False)),
        (Status.PAUSED, (True, True, False, False)),
        (Status.RESTARTING, (True, False, True, False)),
        (Status.REMOVING, (False, False, False, False)),
        (Status.EXITED, (False, False, False, False)),
        (Status.DEAD, (False, False, False, True)),
    ],
)
def test_one_status_makes_mobys_booleans(
    status: Status, expected: tuple[bool, ...]
) -> None:
    flags = flags_of(status)
    assert (flags.running, flags.paused, flags.restarting, flags.dead) == expected


@pytest.mark.parametrize(
    ("status", "health", "words"),
    [
        (Status.CREATED, None, "Created"),
        (Status.RUNNING, None, "Up 2 minutes"),
        (Status.RUNNING, "starting", "Up 2 minutes (health: starting)"),
        (Status.RUNNING, "healthy", "Up 2 minutes (healthy)"),
        (Status.PAUSED, "healthy", "Up 2 minutes (Paused)"),
        (Status.RESTARTING, None, "Restarting (3) About a minute ago"),
        (Status.EXITED, None, "Exited (3) About a minute ago"),
        (Status.REMOVING, None, "Removal In Progress"),
        (Status.DEAD, None, "Dead"),
    ],
)
def test_says_its_state_in_words(
    status: Status, health: str | None, words: str
) -> None:
    container = make_container(
        status=status,
        started_at=MIDNIGHT,
        finished_at=MIDNIGHT + 60 * SECOND,
        exit_code=3,
        health=Health(health) if health else None,
    )
    assert describe_status(container, NOW) == words


def test_state_has_times_and_health() -> None:
    probe = HealthProbe(MIDNIGHT, MIDNIGHT + SECOND, 1, "no")
    container = make_container(health=Health("unhealthy", 3, (probe,)))
    body = describe_state(container)
    assert body["StartedAt"] == "0001-01-01T00:00:00Z"
    assert body["Health"]["FailingStreak"] == 3
    assert body["Health"]["Log"][0]["End"] == "2026-01-02T00:00:01Z"
    assert "Health" not in describe_state(replace(container, health=None))


def test_config_leaves_out_what_go_leaves_out() -> None:
    bare = describe_config(ContainerConfig())
    for name in ("ExposedPorts", "Healthcheck", "StopSignal", "StopTimeout", "Shell"):
        assert name not in bare
    assert (bare["Cmd"], bare["Entrypoint"], bare["Volumes"]) == (None, None, None)
    full = describe_config(
        ContainerConfig(
            entrypoint=(),
            exposed_ports=("80/tcp",),
            stop_timeout=0,
            healthcheck=Healthcheck(("NONE",)),
        )
    )
    assert full["Entrypoint"] == []
    assert full["ExposedPorts"] == {"80/tcp": {}}
    assert full["StopTimeout"] == 0
    assert full["Healthcheck"] == {"Test": ["NONE"]}


def test_only_a_volume_has_name_and_driver() -> None:
    bind = describe_mount(MountPoint("bind", "/a", "/b", propagation="rprivate"))
    assert "Name" not in bind
    assert "Driver" not in bind
    volume = describe_mount(
        MountPoint("volume", "/a", "/b", "data", "local", "ro", writable=False)
    )
    assert (volume["Name"], volume["Driver"], volume["RW"]) == ("data", "local", False)


def test_sizes_are_there_when_they_were_asked_for() -> None:
    details = ContainerDetails(
        container=make_container(),
        image=None,
        overlay=None,
        exec_ids=("x",),
        hosts_path="/h",
        hostname_path="/n",
        resolv_conf_path="/r",
        log_path="",
    )
    body = describe_container(details, NEWEST)
    assert (body["Id"], body["Name"], body["ExecIDs"]) == (ID, "/web", ["x"])
    assert body["GraphDriver"] == {"Data": None, "Name": "overlay2"}
    assert "SizeRw" not in body
    sized = describe_container(replace(details, size_rw=0, size_root=5), NEWEST)
    assert (sized["SizeRw"], sized["SizeRootFs"]) == (0, 5)


def test_a_row_shows_annotations_to_who_knows_them() -> None:
    host = HostConfig(network_mode="bridge", annotations={"a": "b"})
    made = ContainerSummary(replace(make_container(), host_config=host), "b", "s")
    row = describe_summary(made, NOW, NEWEST)
    assert row["HostConfig"] == {"NetworkMode": "bridge", "Annotations": {"a": "b"}}
    row = describe_summary(made, NOW, ApiVersion(1, 45))
    assert row["HostConfig"] == {"NetworkMode": "bridge"}


def test_a_row_shows_ports_while_it_runs() -> None:
    container = make_container(
        status=Status.RUNNING,
        pid=7,
        config=ContainerConfig(exposed_ports=("443/tcp",)),
        published=(PortBinding(80, "tcp", "0.0.0.0", 8080),),
    )
    row = describe_summary(
        ContainerSummary(container, "busybox", "sleep 9"), NOW, NEWEST
    )
    assert row["Names"] == ["/web"]
    assert row["Ports"] == [
        {"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
        {"PrivatePort": 443, "Type": "tcp"},
    ]
    stopped = replace(container, pid=0, published=(), status=Status.EXITED)
    row = describe_summary(ContainerSummary(stopped, "b", "s"), NOW, NEWEST)
    assert row["Ports"] == []
