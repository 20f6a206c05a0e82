import pytest

from tests.unit.grading.build import fields, find, make_container, see

LABEL = "com.docker.compose.depends_on"
WANTED = {"name": "web", "waits_for": {"db": "service_healthy"}}


@pytest.mark.parametrize(
    ("label", "good"),
    [
        ("db:service_healthy:false", True),
        ("db:service_healthy:true", True),
        ("cache:service_started:false,db:service_healthy:false", True),
        ("db:service_started:false", False),
        ("cache:service_healthy:false", False),
        ("", False),
    ],
)
def test_whom_a_service_of_compose_waits_for(label, good):
    seen = see(make_container(labels={LABEL: label}))
    assert fields("container", seen, **WANTED) == ([] if good else ["waits_for.db"])


def test_a_container_that_was_not_made_by_compose_waits_for_nobody():
    (finding,) = find("container", see(make_container()), **WANTED)
    assert finding.found == "it does not wait"
    assert "`depends_on: {db: {condition: service_healthy}}`" in finding.next_step


def test_a_service_that_waits_is_made_by_compose():
    (finding,) = find("container", see(), **WANTED)
    assert finding.next_step.startswith("Compose makes it: `docker compose up -d`")
