"""What a container can reach, seen from inside its own network namespace.

Running a program in the learner's container (``docker exec``) would need that
program in the learner's image, and leaves an exec in its record. So a probe
container is put *beside* it instead: it joins the container's network namespace
(``--network container:ID``), where it has the same addresses, routes and DNS server,
but its own file system with BusyBox in it. It is on no network of its own, publishes
nothing, is labelled, and removes itself, even if the grader dies: afterwards the
engine lists exactly what it listed before.

All questions to one container travel in one script: a line of answer for each.

    script:  ask 0 & ask 1 & ... wait
    output:  <number> <exit code> <base64 of what was printed>
"""

import base64
import math
import shlex
from collections.abc import Iterator, Sequence

import docker
import docker.errors
import requests.exceptions
import urllib3.exceptions

from labkit.base.errors import UnavailableError
from labkit.grading.observe.client import said
from labkit.grading.observe.made import Made
from labkit.grading.observe.streams import STDOUT, open_stream, read_frames
from labkit.grading.probes import (
    Answer,
    Connection,
    ConnectProbe,
    FetchProbe,
    InsideProbe,
    Page,
    Resolution,
    ResolveProbe,
    Unavailable,
)

PROBE_IMAGE = "busybox"
_ONE_TRY_SECONDS = 2
_STREAM_SECONDS = 12.0
_REMOVAL_SECONDS = 1
_REMOVAL_TRIES = 5
_ATTACH = {"stdout": "1", "stderr": "1", "stream": "1"}


def ask_inside(
    client: docker.APIClient,
    made: Made,
    container_id: str,
    probes: Sequence[InsideProbe],
) -> dict[InsideProbe, Answer]:
    """Ask all that is to be asked from inside one container."""
    try:
        output = _run_beside(client, made, container_id, write_script(probes))
    except docker.errors.ImageNotFound as error:
        raise UnavailableError(
            f"the image {PROBE_IMAGE} is needed to look from inside a container; "
            "get it with `docker pull busybox` or `labkit images build`"
        ) from error
    return read_answers(probes, output)


def write_script(probes: Sequence[InsideProbe]) -> str:
    """Write the script that asks each question, all at once."""
    lines = [_PRELUDE]
    for number, probe in enumerate(probes):
        seconds = _seconds(probe)
        lines.append(f"ask {number} {seconds} {shlex.join(_argv(probe))} &")
    return "\n".join([*lines, "wait"])


# `timeout` bounds one try: a name server or a server that drops packets would
# otherwise hold the script for half a minute. Answers are collected first and
# printed in one write, so that those of parallel questions never mix.
_PRELUDE = f"""\
ask() {{
  number=$1; end=$(($(date +%s) + $2)); shift 2
  while :; do
    out=$(timeout {_ONE_TRY_SECONDS} "$@" 2>&1 </dev/null; echo "exit $?")
    case "$out" in *"exit 0") break ;; esac
    [ "$(date +%s)" -lt "$end" ] || break
    sleep 0.2
  done
  echo "$number $(printf %s "$out" | head -c 65536 | base64 | tr -d '\\n')"
}}"""


def read_answers(
    probes: Sequence[InsideProbe], output: str
) -> dict[InsideProbe, Answer]:
    """Read the script's lines; a question without line was not answered."""
    lines: dict[int, str] = {}
    for line in output.splitlines():
        number, _, coded = line.partition(" ")
        if number.isdecimal() and coded:
            lines[int(number)] = base64.b64decode(coded).decode("utf-8", "replace")
    return {
        probe: _answer(probe, lines[number])
        if number in lines
        else Unavailable("the probe ended before it could look")
        for number, probe in enumerate(probes)
    }


def _seconds(probe: InsideProbe) -> int:
    """Return how long to go on asking, in whole seconds as the shell counts."""
    return 0 if isinstance(probe, ResolveProbe) else math.ceil(probe.within_seconds)


def _argv(probe: InsideProbe) -> tuple[str, ...]:
    match probe:
        case ResolveProbe(name=name):
            # A name with a final dot is asked for as it is, without search domains.
            return ("nslookup", "-type=a", name)
        case ConnectProbe(host=host, port=port):
            # -e runs `true` in place of a conversation: connected is exit 0.
            return ("nc", "-w", "1", host, str(port), "-e", "true")
        case FetchProbe(url=url):
            return ("wget", "-q", "-S", "-O", "-", url)


def _answer(probe: InsideProbe, text: str) -> Answer:
    printed, _, code = text.rpartition("exit ")
    succeeded = code.strip() == "0"
    match probe:
        case ResolveProbe():
            return Resolution(tuple(_addresses(printed)) if succeeded else ())
        case ConnectProbe():
            return Connection(succeeded)
        case FetchProbe():
            return _page(printed)


def _addresses(printed: str) -> Iterator[str]:
    """Yield the addresses of BusyBox's nslookup: those below a ``Name:`` line."""
    named = False
    for line in printed.splitlines():
        key, _, rest = line.partition(":")
        if key == "Name":
            named = True
        elif named and key.startswith("Address"):
            yield rest.split()[0]


def _page(printed: str) -> Page:
    """Split what ``wget -S`` prints: indented header lines, then the body."""
    status = 0
    body: list[str] = []
    for line in printed.splitlines():
        words = line.split()
        if line.startswith("  HTTP/") and len(words) > 1 and words[1].isdecimal():
            status = int(words[1])
        elif not line.startswith("  ") or body:
            body.append(line)
    text = "\n".join(body)
    return Page(status, text) if status else Page(0, "", text.strip())


def _run_beside(
    client: docker.APIClient, made: Made, container_id: str, script: str
) -> str:
    """Run a script in a container that shares the other's network namespace."""
    host_config = client.create_host_config(
        network_mode=f"container:{container_id}", auto_remove=True
    )
    probe_id = made.make(
        PROBE_IMAGE,
        entrypoint=["sh", "-c", script],
        command=[],
        host_config=host_config,
    )
    try:
        # Attached before it runs, as `docker run` does: nothing printed is lost.
        with open_stream(
            client, f"/containers/{probe_id}/attach", _STREAM_SECONDS, params=_ATTACH
        ) as stream:
            client.start(probe_id)
            output = read_frames(stream.content, STDOUT)
        await_removal(client, probe_id)
    except BaseException:
        _remove(client, probe_id)
        raise
    finally:
        made.forget(probe_id)
    return output.decode("utf-8", "replace")


def await_removal(client: docker.APIClient, probe_id: str) -> None:
    """Return when the engine has removed the probe: what is left is as it was.

    Asked anew now and then: a dockerd before 23.0 that is asked in the very moment of
    the removal answers never (its ContainerWait waits for the next removal).
    """
    for _ in range(_REMOVAL_TRIES):
        try:
            client.wait(probe_id, timeout=_REMOVAL_SECONDS, condition="removed")
        except docker.errors.NotFound:
            return
        except requests.exceptions.ConnectionError as error:
            # The headers of the answer come at once; so what is late is its body,
            # and requests has no word of its own for that.
            if not isinstance(error.args[0], urllib3.exceptions.ReadTimeoutError):
                raise
        else:
            return


def _remove(client: docker.APIClient, probe_id: str) -> None:
    try:
        client.remove_container(probe_id, force=True)
    except docker.errors.NotFound:
        return
    except docker.errors.APIError as error:
        # 409: the engine is removing it already.
        if error.status_code != 409:
            raise UnavailableError(
                f"cannot remove the probe {probe_id[:12]}: {said(error)}"
            ) from error
