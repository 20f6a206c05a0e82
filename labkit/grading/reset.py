"""Remove what a chapter's steps and exercises made, and nothing else.

Two things say that something belongs to the lab: its name is owned by an exercise or
by the chapter (the exercise's ``owns``, the chapter's front matter), or it carries
the label ``io.labkit.chapter`` or ``io.labkit.exercise``. Whatever else runs on the
engine is left alone, also when it hangs on a network that goes: it is disconnected
from it, not removed.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import docker
import docker.errors

from labkit.base.errors import ConflictError
from labkit.grading.model import Belongings
from labkit.grading.observe.client import answering, connect, said

CHAPTER_LABEL = "io.labkit.chapter"
EXERCISE_LABEL = "io.labkit.exercise"
_REMOVE_SECONDS = 20.0
_WORKERS = 4


@dataclass(frozen=True, slots=True)
class Removed:
    """One thing that is gone now."""

    kind: str
    name: str


def reset(
    docker_host: str, owned: Belongings, labels: Iterable[str] = ()
) -> tuple[Removed, ...]:
    """Remove owned names, and all that carries one of the labels (``name=value``).

    Raises:
        UnavailableError: nobody answers at the address.
        ConflictError: something that is ours can't be removed.
    """
    client = connect(docker_host, timeout=_REMOVE_SECONDS)
    try:
        with answering(docker_host):
            everything = owned | _labelled(client, labels)
            return tuple(_remove_all(client, everything))
    finally:
        client.close()


def _labelled(client: docker.APIClient, labels: Iterable[str]) -> Belongings:
    found = Belongings()
    for label in labels:
        filters = {"label": label}
        volumes = client.volumes(filters=filters)["Volumes"] or ()
        found |= Belongings(
            containers=tuple(
                body["Names"][0].lstrip("/")
                for body in client.containers(all=True, filters=filters)
            ),
            networks=tuple(body["Name"] for body in client.networks(filters=filters)),
            volumes=tuple(body["Name"] for body in volumes),
        )
    return found


def _remove_all(client: docker.APIClient, owned: Belongings) -> Iterator[Removed]:
    """Containers first: they hold the rest. Those of a kind side by side.

    A container whose network namespace another one shares may go in any order.
    """
    rounds: tuple[tuple[str, Callable[[str], bool], tuple[str, ...]], ...] = (
        ("container", lambda name: _remove_container(client, name), owned.containers),
        ("network", lambda name: _remove_network(client, name), owned.networks),
        ("volume", lambda name: _gone(client.remove_volume, name), owned.volumes),
    )
    with ThreadPoolExecutor(_WORKERS) as workers:
        for kind, remove, names in rounds:
            for name, was_there in zip(names, workers.map(remove, names), strict=True):
                if was_there:
                    yield Removed(kind, name)
    for name in owned.images:  # one by one: an image may stand on another
        if _remove_image(client, name):
            yield Removed("image", name)


def _remove_container(client: docker.APIClient, name: str) -> bool:
    return _gone(client.remove_container, name, force=True, v=True)


def _remove_image(client: docker.APIClient, name: str) -> bool:
    """Remove a name, and with its last name the image."""
    return _gone(client.remove_image, name, force=True)


def _remove_network(client: docker.APIClient, name: str) -> bool:
    """Remove every network of a name: two clients at once may have made two."""
    ids = [body["Id"] for body in client.networks(names=[name]) if body["Name"] == name]
    for network in ids:
        for guest in _guests(client, network):
            _gone(client.disconnect_container_from_network, guest, network, force=True)
        _gone(client.remove_network, network)
    return bool(ids)


def _guests(client: docker.APIClient, network: str) -> tuple[str, ...]:
    try:
        body: dict[str, Any] = client.inspect_network(network)
    except docker.errors.NotFound:
        return ()
    return tuple(body.get("Containers") or ())


def _gone(remove: Callable[..., Any], *names: str, **options: bool) -> bool:
    """Remove something; say whether it was there."""
    try:
        remove(*names, **options)
    except docker.errors.NotFound:
        return False
    except docker.errors.APIError as error:
        raise ConflictError(f"cannot remove {names[0]!r}: {said(error)}") from error
    return True
