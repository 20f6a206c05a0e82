"""One task a running container with a health check: it asks again and again.

Changes of the verdict are recorded durably and told; single answers are only shown, for
a disk that is written to every second by every container would do little else. The
next engine therefore knows the verdict, and goes on asking from there.
"""

from dataclasses import replace

from labkit.engine.engine import Engine
from labkit.engine.health.probe import ask
from labkit.engine.health.stop import stop_asking
from labkit.engine.health.verdict import first_health, judge, pause_ns, probe_command
from labkit.engine.model import Container, HealthProbe, Status

_NS = 1_000_000_000


def watch_health(engine: Engine, container: Container) -> None:
    """Begin to ask in the background, if the container has a check."""
    if not probe_command(container):
        return
    if container.health is None:  # adopted from an engine that did not ask
        container = replace(container, health=first_health(container))
        engine.store.show(container)
    stop_asking(engine, container.id)
    engine.monitors[container.id] = engine.tasks.spawn(
        _monitor(engine, container.id), f"health check {container.id}"
    )


async def _monitor(engine: Engine, container_id: str) -> None:
    while (container := _running(engine, container_id)) is not None:
        await engine.sleep(pause_ns(container, engine.clock.now_ns()) / _NS)
        if (container := _running(engine, container_id)) is not None:
            probe = await ask(engine, container)
            engine.probes.asked += 1
            engine.probes.failed += probe.exit_code != 0
            await _record(engine, container_id, probe)


def _running(engine: Engine, container_id: str) -> Container | None:
    container = engine.store.container(container_id)
    return container if container and container.status is Status.RUNNING else None


async def _record(engine: Engine, container_id: str, probe: HealthProbe) -> None:
    async with engine.lock(container_id):
        container = _running(engine, container_id)
        if container is None or probe.started_at < container.started_at:
            return  # an answer of a life that is over
        before = container.health.status if container.health else ""
        after = replace(container, health=judge(container, probe))
        if after.health is None or after.health.status == before:
            engine.store.show(after)
            return
        await engine.store.save(after)
    engine.events.container(f"health_status: {after.health.status}", after)
