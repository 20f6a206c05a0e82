"""Lines of the log."""

import logging
import sys

from labkit.daemon.journal import LineFormatter


def _line(message: str, *arguments: object, broken: bool = False) -> str:
    info = None
    if broken:
        try:
            raise ZeroDivisionError("oh")
        except ZeroDivisionError:
            info = sys.exc_info()
    record = logging.LogRecord(
        "labkit.daemon.main", logging.INFO, "f", 1, message, arguments, info
    )
    return LineFormatter().format(record)


def test_names_and_quotes() -> None:
    line = _line("serving %s", "/run/a b")
    assert ' level=info msg="serving /run/a b" logger=daemon.main' in line
    assert line.startswith("time=2")
    assert " msg=plain " in _line("plain")


def test_an_entry_is_one_line_whatever_it_says() -> None:
    line = _line('two\nlines and a "quote"', broken=True)
    assert "\n" not in line
    assert "ZeroDivisionError: oh" in line
