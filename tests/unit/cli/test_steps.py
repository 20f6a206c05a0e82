import json

from click.testing import CliRunner

from labkit.cli.steps import steps


def test_lists_steps_with_what_they_cover() -> None:
    document = json.loads(CliRunner().invoke(steps, ["--json"]).output)
    (found,) = (step for step in document["steps"] if step["id"] == "create-driver")
    assert found["chapter"] == "chapter05"
    assert found["commands"] == "docker network create --driver bridge my-net"
    assert found["covers"] == ["c05-create-driver"]


def test_prints_a_table() -> None:
    assert "docker network ls" in CliRunner().invoke(steps).output
