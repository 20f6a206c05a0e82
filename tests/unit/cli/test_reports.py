import json

import click
import pytest
from click.testing import CliRunner

from labkit.cli.reports import Reports, report_options
from tests.unit.grading.report.examples import DOWN, FAILED, PASSED

GRADES = (PASSED, FAILED, DOWN)


@click.command()
@report_options
def command(reports: Reports) -> None:
    """Report what is always the same."""
    reports.save(GRADES)
    reports.show(GRADES)


def test_one_run_gives_every_form(tmp_path):
    page, junit = tmp_path / "r.html", tmp_path / "r.xml"
    arguments = ["--json", "--html", str(page), "--junit", str(junit)]
    done = CliRunner().invoke(command, arguments)
    assert json.loads(done.stdout)["points"] == 2
    assert page.read_text().startswith("<!DOCTYPE html>")
    assert junit.read_text().startswith("<?xml")


def test_without_options_it_is_a_table():
    assert "2 of 9 points" in CliRunner().invoke(command, []).stdout


@pytest.mark.parametrize("option", ["--html", "--junit"])
@pytest.mark.parametrize("path", ["/nowhere/at/all", "/etc"])
def test_a_file_that_can_not_be_written_is_no_grade(option, path):
    done = CliRunner().invoke(command, [option, path])
    assert done.exit_code == 2
    assert option in done.stderr
    assert "Traceback" not in done.stderr
