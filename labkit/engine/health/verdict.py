"""What the answers of a health check mean, and when the next is due.

            healthy answer                    retries bad answers in a row
    starting -------------> healthy <-----------------------------------> unhealthy
        |                                      healthy answer                 ^
        +---------------------------------------------------------------------+
          retries bad answers in a row, those in the start period not counted

The rules are moby's (``daemon/health.go``); nothing here runs anything.
"""

from dataclasses import replace

from labkit.engine.model import Container, Health, HealthProbe
from labkit.spec.image import Healthcheck

STARTING, HEALTHY, UNHEALTHY = "starting", "healthy", "unhealthy"
RETRIES = 3
KEPT_PROBES = 5
_SECOND_NS = 1_000_000_000
INTERVAL_NS = 30 * _SECOND_NS
TIMEOUT_NS = 30 * _SECOND_NS
START_INTERVAL_NS = 5 * _SECOND_NS
_SHELL = ("/bin/sh", "-c")


def probe_command(container: Container) -> tuple[str, ...]:
    """Return what to run; nothing where there is no check, or it is switched off."""
    check = container.config.healthcheck
    kind, *words = check.test if check and check.test else ("NONE",)
    if kind == "CMD":
        return tuple(words)
    if kind == "CMD-SHELL":
        return (*(container.config.shell or _SHELL), *words)
    return ()


def first_health(container: Container) -> Health | None:
    """Return the health of a container that begins to run; old answers are kept."""
    if not probe_command(container):
        return None
    log = container.health.log if container.health else ()
    return Health(STARTING, 0, log)


def unwatched(health: Health | None) -> Health | None:
    """Return the health of a container that nobody asks any more, as Docker has it."""
    return replace(health, status=UNHEALTHY) if health else None


def judge(container: Container, probe: HealthProbe) -> Health:
    """Return a container's health after one more answer."""
    before = container.health or Health(STARTING)
    log = (*before.log, probe)[-KEPT_PROBES:]
    if probe.exit_code == 0:
        return Health(HEALTHY, 0, log)
    if before.status == STARTING and _is_in_start_period(container, probe.started_at):
        return replace(before, log=log)
    check = container.config.healthcheck or Healthcheck()
    streak = before.failing_streak + 1
    failed = streak >= (check.retries or RETRIES)
    return Health(UNHEALTHY if failed else before.status, streak, log)


def pause_ns(container: Container, now_ns: int) -> int:
    """Return how long to wait before the next question."""
    check = container.config.healthcheck or Healthcheck()
    interval = check.interval or INTERVAL_NS
    starting = container.health is None or container.health.status == STARTING
    if starting and _is_in_start_period(container, now_ns):
        # Unsaid, a start must not be asked more rarely than what has started.
        return check.start_interval or min(START_INTERVAL_NS, interval)
    return interval


def timeout_ns(container: Container) -> int:
    """Return how long an answer may take."""
    check = container.config.healthcheck
    return (check.timeout if check else 0) or TIMEOUT_NS


def _is_in_start_period(container: Container, moment_ns: int) -> bool:
    check = container.config.healthcheck
    period = check.start_period if check else 0
    return moment_ns - container.started_at < period
