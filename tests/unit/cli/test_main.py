import os
import resource
import signal
import subprocess
import sys

import click
import pytest

from labkit.base.errors import (
    ConflictError,
    InternalError,
    NotFoundError,
    UnavailableError,
)
from labkit.cli.main import VERBS, cli, exit_code, run
from tests.waiting import has_ended, wait_until


def _labkit(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "labkit.cli.main", *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        **options,
    )


def test_every_verb_of_the_table_is_a_command():
    for verbs in VERBS.values():
        for name in verbs:
            command = cli.get_command(click.Context(cli), name)
            assert command is not None
            assert command.help, name


def test_no_list_of_commands_breaks_off_a_line():
    context = click.Context(cli)
    groups = [cli.get_command(context, n) for verbs in VERBS.values() for n in verbs]
    for group in (one for one in groups if isinstance(one, click.Group)):
        for name, command in group.commands.items():
            assert not command.get_short_help_str(68).endswith("..."), name


def test_bare_labkit_shows_every_verb(capsys):
    assert run([]) == 0
    text = capsys.readouterr().out
    assert "labkit lab" in text
    assert all(name in text for verbs in VERBS.values() for name in verbs)


def test_an_unknown_verb_is_answered_with_a_near_one(capsys):
    assert run(["chek"]) == 2
    assert "no command 'chek' (did you mean 'check'?)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFoundError("x"), 1),
        (ConflictError("x"), 1),
        (UnavailableError("x"), 2),
        (InternalError("x"), 3),
    ],
)
def test_kinds_of_errors_have_exit_codes(error, code):
    assert exit_code(error) == code


def test_an_error_is_one_sentence_and_a_traceback_only_if_asked_for(capsys):
    assert run(["hint", "chapter99"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("labkit: no exercises for 'chapter99'")
    assert captured.err.count("\n") == 1
    assert run(["--debug", "hint", "chapter99"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_folder_that_cannot_be_used_is_named(capsys, monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path / "file"))
    assert run(["check", "chapter01"]) == 2
    problem = capsys.readouterr().err
    assert problem == f"labkit: cannot use {tmp_path}/file/seed: Not a directory\n"


@pytest.mark.slow
def test_starts_fast_and_imports_only_what_it_needs():
    script = (
        "import sys; from labkit.cli.main import run; run([]);"
        "heavy = {'docker', 'rich', 'pydantic', 'yaml', 'markdown_it', 'aiohttp'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"


@pytest.mark.slow
def test_a_start_takes_150_milliseconds_of_processor_time():
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    times = []
    for _ in range(6):  # the first one may have to compile
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert _labkit("--version", env=environ).returncode == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(
            after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        )
    # On a clock it is the same on an idle machine: the start waits for nothing.
    assert min(times) < 0.15, times


@pytest.mark.slow
def test_a_terminal_without_our_signs_gets_question_marks():
    environ = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = _labkit("verify", "\u2714", env=environ)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout == "? not checked  ?: cannot read it: no such file\n"


@pytest.mark.slow
def test_a_full_disk_is_no_surprise():
    command = [sys.executable, "-m", "labkit.cli.main", "--help"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 3
    assert done.stderr == "labkit: cannot write: no space left on device\n"


@pytest.mark.slow
def test_a_reader_who_has_enough_is_no_error():
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m labkit.cli.main --help | head -1"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("Usage: labkit")
    assert done.stderr == ""


_RUNS_FOR_EVER = """
import sys
from pathlib import Path
from labkit.cli.main import leave_on_signals
from labkit.grading.scripts import run_script

leave_on_signals()
run_script("sleep 60 & echo $! > new; mv new pid; wait", "", {}, Path(sys.argv[1]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_it_started_ends_with_it(tmp_path, number):
    words = [sys.executable, "-c", _RUNS_FOR_EVER, str(tmp_path)]
    with subprocess.Popen(
        words, env={**os.environ, "LABKIT_HOME": str(tmp_path)}
    ) as it:
        wait_until((tmp_path / "pid").exists, "the script runs")
        it.send_signal(number)
        assert it.wait(10) == 128 + number
    pid = int((tmp_path / "pid").read_text())
    wait_until(lambda: has_ended(pid), "what the script started has ended")
