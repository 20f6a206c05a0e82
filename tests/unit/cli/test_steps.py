import json

from click.testing import CliRunner

from labkit.cli.steps import steps
from labkit.course.covers import read_commands


def test_lists_steps_with_what_they_cover() -> None:
    document = json.loads(CliRunner().invoke(steps, ["--json"]).output)
    (found,) = (step for step in document["steps"] if step["id"] == "create-driver")
    assert found["chapter"] == "chapter05"
    assert found["commands"] == "docker network create --driver bridge my-net"
    assert found["covers"] == ["c05-create-driver"]


def test_prints_a_table() -> None:
    assert "docker network ls" in CliRunner().invoke(steps).output


def test_lists_every_command_of_the_guide_with_its_steps() -> None:
    shown = CliRunner().invoke(steps, ["--coverage", "--json"])
    rows = json.loads(shown.output)["commands"]
    (row,) = (row for row in rows if row["id"] == "c05-create-driver")
    assert row["steps"] == ["chapter05/create-driver"]
    assert len(rows) == len(read_commands())
    missing = [row for row in rows if row["must"] == "run" and not row["steps"]]
    assert shown.exit_code == bool(missing)
    table = CliRunner().invoke(steps, ["--coverage"]).output
    assert f"of {len(rows)} run" in table
