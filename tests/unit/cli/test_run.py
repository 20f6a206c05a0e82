from pathlib import Path

import pytest
from click.testing import CliRunner

from labkit.base.errors import InvalidInputError, NotFoundError, UnavailableError
from labkit.cli.run import exit_code_of, run
from labkit.course.execute import Outcome, Status
from tests.unit.course.build import make_step


def outcome(status: Status) -> Outcome:
    return Outcome(make_step(), status, "", 0.0)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), InvalidInputError),
        (("chapter05", "--all"), InvalidInputError),
        (("--all", "--step", "list"), InvalidInputError),
        (("chapter55",), NotFoundError),
        (("chapter05",), UnavailableError),
    ],
)
def test_refuses_what_it_cannot_run(
    arguments: tuple[str, ...], error: type[Exception], tmp_path: Path
) -> None:
    environment = {
        "DOCKER_HOST": f"unix://{tmp_path}/no.sock",
        "LABKIT_HOME": str(tmp_path),
    }
    result = CliRunner().invoke(run, arguments, env=environment)
    assert isinstance(result.exception, error)


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ((Status.OK, Status.SKIPPED), 0),
        ((Status.OK, Status.FAILED), 1),
        ((Status.FAILED, Status.COULD_NOT_CHECK), 2),
    ],
)
def test_the_exit_code_tells_failure_from_outage(
    statuses: tuple[Status, ...], code: int
) -> None:
    assert exit_code_of([outcome(status) for status in statuses]) == code


def test_help_names_the_exit_codes() -> None:
    assert "Exit code 0" in CliRunner().invoke(run, ["--help"]).output
