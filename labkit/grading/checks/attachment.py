"""The part of ``container`` that is about networks: where it is, by which names."""

from collections.abc import Iterator

from labkit.grading.checks.model import Finding, listed
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import Container, Observation


def judge_networks(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """Each network named must be among the container's."""
    missing = [name for name in params.networks if name not in container.attachments]
    if missing:
        yield Finding(
            field="networks",
            expected=f"on {listed(params.networks)}",
            found=f"on {listed(container.attachments)}",
            next_step=(
                "a container can join one more network while it runs: "
                f"`docker network connect {missing[0]} {params.name}`"
            ),
        )


def judge_only_networks(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """The container's networks must be these and no others."""
    if params.only_networks is None:
        return
    if set(params.only_networks) != set(container.attachments):
        yield Finding(
            field="only_networks",
            expected=f"on {listed(params.only_networks)} and nowhere else",
            found=f"on {listed(container.attachments)}",
            next_step=_move(params, container),
        )


def _move(params: ContainerParams, container: Container) -> str:
    """Return what leads from the networks it is on to those it should be on."""
    wanted, found = set(params.only_networks or ()), set(container.attachments)
    joins = [f"connect {name}" for name in sorted(wanted - found)]
    leaves = [f"disconnect {name}" for name in sorted(found - wanted)]
    moves = [f"`docker network {move} {params.name}`" for move in (*joins, *leaves)]
    return ", then ".join(moves)


def judge_not_networks(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """The container must not be on these networks."""
    wrong = [name for name in params.not_networks if name in container.attachments]
    if wrong:
        yield Finding(
            field="not_networks",
            expected=f"not on {listed(params.not_networks)}",
            found=f"on {listed(container.attachments)}",
            next_step=f"`docker network disconnect {wrong[0]} {params.name}`",
        )


def judge_network_mode(
    params: ContainerParams, container: Container, seen: Observation
) -> Iterator[Finding]:
    """The container's kind of network must be the one asked for."""
    wanted = params.network_mode
    if wanted is None:
        return
    found = container.network_mode
    if wanted.startswith("container:"):
        if _is_of(wanted, found, seen):
            return
    # "default" is what the API calls a network that nobody chose.
    elif wanted == ("bridge" if found == "default" else found):
        return
    yield Finding(
        field="network_mode",
        expected=wanted,
        found=_spell_mode(found),
        next_step=(
            "this is chosen when a container is made: remove it and run it again with "
            f"`--network {wanted}`"
        ),
    )


def judge_pid_mode(
    params: ContainerParams, container: Container, seen: Observation
) -> Iterator[Finding]:
    """The container's process numbers must be those of the one asked for."""
    wanted, found = params.pid_mode, container.pid_mode
    if wanted is None or wanted == found or _is_of(wanted, found, seen):
        return
    yield Finding(
        field="pid_mode",
        expected=wanted,
        found=(
            "those of another container"
            if found.startswith("container:")
            else found or "process numbers of its own"
        ),
        next_step=(
            "this is chosen when a container is made: remove it and run it again with "
            f"`--pid {wanted}`"
        ),
    )


def _is_of(wanted: str, found: str, seen: Observation) -> bool:
    """Say whether both mean one container: an engine records its full id for a name."""
    kind, _, name = wanted.partition(":")
    if kind != "container":
        return False
    other = seen.container(name)
    return other is not None and found == f"container:{other.id}"


def _spell_mode(mode: str) -> str:
    if mode.startswith("container:"):
        return "the network of another container"
    return "bridge" if mode == "default" else mode


def judge_aliases(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """On a network, the container must answer to these further names."""
    for network, names in params.aliases.items():
        place = container.attachments.get(network)
        have = place.aliases if place else frozenset()
        if not set(names) <= have:
            yield Finding(
                field=f"aliases.{network}",
                expected=f"known as {listed(names)}",
                found="not on that network" if not place else listed(have),
                next_step=(
                    "an alias is given on joining: disconnect, then "
                    f"`docker network connect --alias {names[0]} {network} "
                    f"{params.name}`"
                ),
            )
