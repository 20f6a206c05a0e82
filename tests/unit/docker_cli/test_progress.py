import os
import pty
import sys

import pytest

from labkit.docker_cli.progress import StreamError, progress_bar, show_progress

PULL = [
    {"status": "Pulling from library/x", "id": "1"},
    {"status": "Pulling fs layer", "progressDetail": {}, "id": "abc"},
    {
        "status": "Downloading",
        "progressDetail": {"current": 50, "total": 100},
        "id": "abc",
    },
    {"status": "Pull complete", "progressDetail": {}, "id": "abc"},
    {"status": "Status: Downloaded"},
]


def test_away_from_a_terminal_there_are_plain_lines_and_no_bars(capsys):
    show_progress(PULL)
    assert capsys.readouterr().out == (
        "1: Pulling from library/x\nabc: Pulling fs layer\nabc: Pull complete\n"
        "Status: Downloaded\n"
    )


def test_on_a_terminal_each_layer_keeps_its_line(monkeypatch):
    main, other = pty.openpty()
    kept = os.dup(1)
    os.dup2(other, 1)
    try:
        monkeypatch.setattr(sys, "stdout", os.fdopen(os.dup(other), "w"))
        show_progress(PULL[1:4])
        sys.stdout.close()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(other)
    text = _read_all(main)
    assert text.count("\x1b[1A\x1b[2K\r") == 3
    assert "abc: Downloading " in text
    assert text.endswith("abc: Pull complete \r\x1b[1B")


def _read_all(fd):
    text = b""
    try:
        while data := os.read(fd, 10000):
            text += data
    except OSError:  # the other end is closed: EIO, pty(7)
        pass
    os.close(fd)
    return text.decode()


def test_bars_as_dockers():
    bar = progress_bar({"current": 50, "total": 100}, 200)
    assert bar == f"[{'=' * 25}>{' ' * 25}]      50B/100B"
    assert progress_bar({"current": 50, "total": 100}, 80) == "     50B/100B"
    assert progress_bar({"current": 2000}, 200) == "     2kB"
    assert progress_bar({}, 200) == ""


def test_an_error_in_the_stream_has_its_code(capsys):
    with pytest.raises(StreamError) as caught:
        show_progress(
            [{"error": "it broke", "errorDetail": {"code": 9, "message": "it broke"}}]
        )
    assert (str(caught.value), caught.value.code) == ("it broke", 9)


def test_what_is_not_for_people_goes_elsewhere(capsys):
    heard = []
    show_progress([{"aux": {"ID": "x"}}, {"stream": "Step 1\n"}], aux=heard.append)
    assert heard == [{"ID": "x"}]
    assert capsys.readouterr().out == "Step 1\n"
