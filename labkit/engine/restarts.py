"""Restart policies: whether an ended container comes back, and how soon.

A program that dies at once must not keep the machine busy being restarted, so each
restart waits twice as long as the one before, from 0.1 seconds to a minute. A
container that ran for ten seconds is taken for healthy: it begins anew.
"""

from labkit.engine.model import Container

FIRST_NS = 100_000_000
LONGEST_NS = 60_000_000_000
HEALTHY_NS = 10_000_000_000


def wants_restart(container: Container, exit_code: int) -> bool:
    """Tell whether the policy brings a container back that has just ended."""
    policy = container.host_config.restart_policy
    if container.stopped_by_user:
        return False
    if policy.name in ("always", "unless-stopped"):
        return True
    if policy.name == "on-failure" and exit_code != 0:
        most = policy.maximum_retry_count
        return not most or container.restart_count < most
    return False


def wants_start_with_engine(container: Container) -> bool:
    """Tell whether a container that does not run is started when the engine is.

    ``always`` forgets that somebody stopped it, ``unless-stopped`` remembers.
    """
    policy = container.host_config.restart_policy.name
    if policy == "always":
        return True
    return policy == "unless-stopped" and not container.stopped_by_user


def next_backoff(previous_ns: int, ran_ns: int) -> int:
    """Return how long to wait before the next restart."""
    if not previous_ns or ran_ns >= HEALTHY_NS:
        return FIRST_NS
    return min(previous_ns * 2, LONGEST_NS)
