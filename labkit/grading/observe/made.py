"""The containers that a look makes for its own use; when it ends, none is left.

A look may end before its threads do: at ctrl-c, at a signal, at its deadline. Threads
end with the process then, wherever they are, and a container that was made and not yet
started stays for ever: no option of ``docker run`` removes it. So each is noted here
while it is there, and who looks removes the rest at the end. What even that has missed
(a grader that was killed, an engine that hung) the next look removes.
"""

import contextlib
import threading
import time
from typing import Any

import docker
import docker.errors

from labkit.base.errors import LabError, UnavailableError
from labkit.grading.observe.client import answering

PROBE_LABEL = "io.labkit.probe"
_CLOSE_SECONDS = 1.5
_LATE_SECONDS = 0.3
_ABANDONED_SECONDS = 120
"""No look takes that long: whose container is older does not live any more."""


class Made:
    """The containers of one look, over one connection."""

    def __init__(self, client: docker.APIClient, docker_host: str = "") -> None:
        self._client = client
        self._docker_host = docker_host
        self._changed = threading.Condition()
        self._making = 0
        self._closed = False
        self._used = False
        self._ids: set[str] = set()

    def make(self, image: str, **options: Any) -> str:
        """Make a container with the probes' label; return its id.

        Raises:
            UnavailableError: the look is over.
        """
        with self._changed:
            if self._closed:
                raise UnavailableError("no answer in time")
            self._making += 1
            self._used = True
        made = None
        try:
            labels = {PROBE_LABEL: "1"}
            body = self._client.create_container(image, labels=labels, **options)
            made = str(body["Id"])
            return made
        finally:
            with self._changed:
                self._making -= 1
                if made is not None:
                    self._ids.add(made)
                self._changed.notify_all()

    def forget(self, container_id: str) -> None:
        """Note that a container is gone."""
        with self._changed:
            self._ids.discard(container_id)

    def close(self, deadline: float) -> None:
        """Remove what is left; an engine that does not answer is not waited for."""
        with self._changed:
            self._closed = True
        if self._used:
            worker = threading.Thread(target=self._clean, daemon=True)
            worker.start()
            left = deadline - time.monotonic()
            worker.join(max(_LATE_SECONDS, min(_CLOSE_SECONDS, left)))

    def _clean(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._making, _CLOSE_SECONDS)
            left = set(self._ids)
        # What can't be removed now the next look will find.
        with contextlib.suppress(LabError), answering(self._docker_host):
            for container_id in left | self._abandoned():
                self._remove(container_id)

    def _abandoned(self) -> set[str]:
        filters = {"label": PROBE_LABEL, "status": ["created", "exited", "dead"]}
        found = self._client.containers(all=True, filters=filters)
        latest = time.time() - _ABANDONED_SECONDS
        return {body["Id"] for body in found if body["Created"] < latest}

    def _remove(self, container_id: str) -> None:
        # Gone (404), or going (409).
        with contextlib.suppress(docker.errors.APIError):
            self._client.remove_container(container_id, force=True, v=True)
