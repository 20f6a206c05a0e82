"""The part of ``container`` that is about Compose: whom a service waits for."""

from collections.abc import Iterator

from labkit.grading.checks.model import Finding
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import Container, Observation

_LABEL = "com.docker.compose.depends_on"


def judge_waits_for(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """Compose must start it after these services, each in the state asked for."""
    found = _read(container.labels.get(_LABEL, ""))
    for service, wanted in params.waits_for.items():
        if found.get(service) != wanted:
            yield Finding(
                field=f"waits_for.{service}",
                expected=f"it waits for {service}: {wanted}",
                found=found.get(service, "it does not wait"),
                next_step=(
                    f"in the file: `depends_on: {{{service}: {{condition: {wanted}}}}}`"
                    ", then `docker compose up -d`"
                ),
            )


def _read(label: str) -> dict[str, str]:
    """Read what Compose notes: ``service:condition:restart`` for each, with commas."""
    notes = (note.split(":") for note in label.split(",") if note)
    return {service: condition for service, condition, *_ in notes}
