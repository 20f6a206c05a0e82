"""One snapshot: every probe answered, or said to be unanswered, within a time.

1. Connect. If nobody is there, every probe is unavailable, for the same reason.
2. Inspect all that is named, side by side (API calls take a few milliseconds each).
3. Look from inside those containers that run, a probe container each, and through
   published ports, side by side.

Whoever has not answered at the deadline is unavailable; his thread is a daemon
thread whose every call has a limit of its own, so the grader never waits for it.
"""

import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import docker
import docker.errors

from labkit.base.errors import LabError
from labkit.grading.observe import inspect
from labkit.grading.observe.client import answering, connect, said
from labkit.grading.observe.inside import ask_inside
from labkit.grading.observe.kernel import read_kernel
from labkit.grading.observe.made import Made
from labkit.grading.observe.pages import fetch_page
from labkit.grading.observe.reading import read_file, read_logs, run_command
from labkit.grading.observe.registry import ask_registry
from labkit.grading.observe.scan import find_in_image
from labkit.grading.observe.stored import read_stored_files
from labkit.grading.probes import (
    Answer,
    CommandProbe,
    ConnectProbe,
    Container,
    ContainerProbe,
    FetchProbe,
    FileProbe,
    ImageProbe,
    ImageTextProbe,
    InsideProbe,
    KernelProbe,
    LogsProbe,
    NetworkProbe,
    Observation,
    PageProbe,
    Probe,
    RegistryProbe,
    ResolveProbe,
    StoredFileProbe,
    Unavailable,
    VolumeProbe,
)

BUDGET_SECONDS = 8.5
"""With the time to start and to print, an exit within ten seconds."""
_WORKERS = 6

Answers = dict[Probe, Answer]
Job = Callable[[], Mapping[Probe, Answer]]


def observe(
    docker_host: str, probes: Iterable[Probe], budget: float = BUDGET_SECONDS
) -> Observation:
    """Answer all probes by one snapshot of the engine at an address."""
    wanted = list(dict.fromkeys(probes))
    deadline = time.monotonic() + budget
    try:
        client = connect(docker_host)
    except LabError as error:
        return Observation(dict.fromkeys(wanted, Unavailable(error.message)))
    try:
        return snapshot(client, docker_host, wanted, deadline)
    finally:
        client.close()


def snapshot(
    client: docker.APIClient,
    docker_host: str,
    probes: Sequence[Probe],
    deadline: float,
) -> Observation:
    """Answer all probes over a connection."""
    made = Made(client, docker_host)
    try:
        return _look(client, docker_host, made, probes, deadline)
    finally:
        made.close(deadline)


def _look(
    client: docker.APIClient,
    docker_host: str,
    made: Made,
    probes: Sequence[Probe],
    deadline: float,
) -> Observation:
    inside: dict[str, list[InsideProbe]] = defaultdict(list)
    stored: dict[tuple[str, str], list[StoredFileProbe]] = defaultdict(list)
    first: dict[Probe, Job] = {}
    second: dict[Probe, Job] = {}
    for probe in probes:
        if isinstance(probe, ResolveProbe | ConnectProbe | FetchProbe):
            inside[probe.container].append(probe)
        elif isinstance(probe, PageProbe):
            second[probe] = _page_job(probe, docker_host, deadline)
        elif isinstance(probe, RegistryProbe):
            second[probe] = _registry_job(probe, docker_host, deadline)
        elif isinstance(probe, StoredFileProbe):
            stored[probe.kind, probe.name].append(probe)
        else:
            first[probe] = _inspect_job(client, docker_host, probe)
    for name in inside:
        first[ContainerProbe(name)] = _inspect_job(
            client, docker_host, ContainerProbe(name)
        )
    for files in stored.values():
        first[files[0]] = _stored_job(client, docker_host, made, files)
    answers = _run(list(first.items()), deadline)
    for name, questions in inside.items():
        container = answers[ContainerProbe(name)]
        if isinstance(container, Container) and container.status == "running":
            job = _inside_job(client, docker_host, made, container.id, questions)
            second[questions[0]] = job
        else:
            answers.update(dict.fromkeys(questions, _nobody_to_ask(container)))
    answers.update(_run(list(second.items()), deadline))
    groups: list[Sequence[Probe]] = [*inside.values(), *stored.values()]
    for group in groups:
        for probe in group:  # a job that failed spoke for all of its own
            answers.setdefault(probe, answers[group[0]])
    return Observation(answers)


def _nobody_to_ask(container: Answer) -> Answer:
    """Answer for a container that can't be asked: the check says so in its words."""
    return container if isinstance(container, Unavailable) else None


def _inspect_job(client: docker.APIClient, docker_host: str, probe: Probe) -> Job:
    def job() -> Answers:
        with answering(docker_host):
            try:
                return {probe: _inspect(client, docker_host, probe)}
            except docker.errors.NotFound:
                return {probe: None}

    return job


def _inspect(client: docker.APIClient, docker_host: str, probe: Probe) -> Answer:
    match probe:
        case ContainerProbe(name=name):
            container = inspect.read_container(client.inspect_container(name))
            # The API takes the start of an id for a name; a check means the name.
            return container if container.name == name else None
        case NetworkProbe(name=name):
            network = inspect.read_network(client.inspect_network(name))
            return network if network.name == name else None
        case VolumeProbe(name=name):
            return inspect.read_volume(client.inspect_volume(name))
        case ImageProbe(name=name):
            return inspect.read_image(client.inspect_image(name))  # type: ignore[no-untyped-call]
        case LogsProbe(container=name):
            return read_logs(client, name)
        case FileProbe(container=name, path=path):
            return read_file(client, name, path)
        case ImageTextProbe():
            return find_in_image(client, probe)
        case KernelProbe(container=name):
            return read_kernel(client, docker_host, name)
        case CommandProbe(container=name, argv=argv):
            return run_command(client, name, argv)
        case _:
            raise AssertionError(f"no way to inspect {probe}")


def _inside_job(
    client: docker.APIClient,
    docker_host: str,
    made: Made,
    container_id: str,
    questions: Sequence[InsideProbe],
) -> Job:
    def job() -> Mapping[Probe, Answer]:
        with answering(docker_host):
            answers: dict[Any, Answer] = dict(
                ask_inside(client, made, container_id, questions)
            )
            return answers

    return job


def _stored_job(
    client: docker.APIClient,
    docker_host: str,
    made: Made,
    files: Sequence[StoredFileProbe],
) -> Job:
    def job() -> Mapping[Probe, Answer]:
        with answering(docker_host):
            found = read_stored_files(client, made, files)
            return {probe: found[probe] for probe in files}

    return job


def _page_job(probe: PageProbe, docker_host: str, deadline: float) -> Job:
    return lambda: {probe: fetch_page(probe, docker_host, deadline)}


def _registry_job(probe: RegistryProbe, docker_host: str, deadline: float) -> Job:
    return lambda: {probe: ask_registry(probe, docker_host, deadline)}


def _run(jobs: Sequence[tuple[Probe, Job]], deadline: float) -> Answers:
    """Run jobs side by side and collect what comes in before the deadline."""
    todo: queue.SimpleQueue[tuple[Probe, Job]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[Probe, Mapping[Probe, Answer]]] = queue.SimpleQueue()
    for item in jobs:
        todo.put(item)
    for _ in range(min(_WORKERS, len(jobs))):
        threading.Thread(target=_work, args=(todo, done), daemon=True).start()
    answers: Answers = {}
    for _ in jobs:
        try:
            _, found = done.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        answers.update(found)
    for probe, _ in jobs:
        answers.setdefault(probe, Unavailable("no answer in time"))
    return answers


def _work(
    todo: "queue.SimpleQueue[tuple[Probe, Job]]",
    done: "queue.SimpleQueue[tuple[Probe, Mapping[Probe, Answer]]]",
) -> None:
    while True:
        try:
            probe, job = todo.get_nowait()
        except queue.Empty:
            return
        try:
            done.put((probe, job()))
        except docker.errors.APIError as error:
            done.put(
                (probe, {probe: Unavailable(f"the engine refused: {said(error)}")})
            )
        except LabError as error:
            done.put((probe, {probe: Unavailable(error.message)}))
        except Exception as error:  # noqa: BLE001 - a check must not die of a surprise
            problem = f"the grader failed: {type(error).__name__}: {error}"
            done.put((probe, {probe: Unavailable(problem)}))
