import os
import pty

import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.terminal import (
    DEFAULT_KEYS,
    KeyWatch,
    RawMode,
    check_tty,
    detach_keys,
)


def test_reads_the_names_of_keys():
    assert detach_keys("") == DEFAULT_KEYS
    assert detach_keys("ctrl-p,ctrl-q") == b"\x10\x11"
    assert detach_keys("a,ctrl-@,ctrl-[") == b"a\x00\x1b"
    for odd in ("xyz", "ctrl-ß", "ctrl-ab"):
        with pytest.raises(CliError, match="invalid detach keys"):
            detach_keys(odd)


def test_watches_for_keys_across_reads_and_passes_all_else():
    watch = KeyWatch(b"\x10\x11")
    assert watch.feed(b"ab\x10") == b"ab"
    assert watch.feed(b"c") == b"\x10c"
    assert not watch.detached
    assert watch.feed(b"d\x10\x11e") == b"d"
    assert watch.detached


def test_refuses_a_terminal_where_there_is_none(monkeypatch):
    with open("/dev/null") as nothing:
        kept = os.dup(0)
        os.dup2(nothing.fileno(), 0)
        try:
            check_tty(attach_stdin=False, tty=True)
            with pytest.raises(CliError, match="the input device is not a TTY"):
                check_tty(attach_stdin=True, tty=True)
        finally:
            os.dup2(kept, 0)
            os.close(kept)


def test_raw_mode_is_taken_back():
    import termios

    main, other = pty.openpty()
    kept = os.dup(0)
    os.dup2(other, 0)
    try:
        before = termios.tcgetattr(0)
        with RawMode(wanted=True):
            assert not termios.tcgetattr(0)[3] & termios.ICANON
        assert termios.tcgetattr(0) == before
    finally:
        os.dup2(kept, 0)
        for fd in (kept, main, other):
            os.close(fd)
