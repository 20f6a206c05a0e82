"""Lines of the stream as types."""

from labkit.docker_cli.buildx.errors import Source
from labkit.docker_cli.buildx.status import read_update
from tests.unit.docker_cli.buildx.updates import log, task, vertex, warning


def test_reads_a_step_and_its_times() -> None:
    (found,) = vertex(
        "d", "[1/2] FROM a", started=1, completed=2.5, cached=True
    ).vertices
    assert found.completed is not None
    assert found.started is not None
    assert found.completed - found.started == 1.5
    assert (found.name, found.cached, found.error) == ("[1/2] FROM a", True, "")


def test_reads_logs_and_tasks() -> None:
    assert log("d", "hi\n", 1).logs[0].data == b"hi\n"
    assert task("d", "transferring", current=5, total=9).tasks[0].total == 9


def test_reads_a_warning_with_its_lines() -> None:
    (found,) = warning("it is").warnings
    assert (found.short, found.url, found.detail) == (
        "it is",
        "https://x/",
        ("the detail",),
    )
    assert found.source == Source("Dockerfile", "FROM a\nCMD b\n", 2, 2)


def test_takes_an_empty_line() -> None:
    assert read_update({}).vertices == ()
    assert read_update({"warnings": [{"vertex": ""}]}).warnings[0].source is None
