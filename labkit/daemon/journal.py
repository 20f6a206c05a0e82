"""The daemon's log: one line an entry, fit for eyes and for ``grep``.

    time=2026-01-02T03:04:05.678Z level=info msg="the engine is ready" logger=daemon

An exception's traceback is folded into its entry, so that a line is always whole.
"""

import json
import logging
import sys
from datetime import UTC, datetime


class LineFormatter(logging.Formatter):
    """Writes ``name=value`` pairs; a value with spaces is quoted as in JSON."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC)
        pairs = {
            "time": when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{record.msecs:03.0f}Z",
            "level": record.levelname.lower(),
            "msg": record.getMessage(),
            "logger": record.name.removeprefix("labkit."),
        }
        if record.exc_info:
            pairs["traceback"] = self.formatException(record.exc_info)
        return " ".join(f"{name}={_quote(value)}" for name, value in pairs.items())


def open_journal(level: str) -> None:
    """Send everything that is logged to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # aiohttp tells of every client that leaves in the middle.
    logging.getLogger("aiohttp").setLevel(logging.ERROR)


def _quote(value: str) -> str:
    plain = value and not any(mark in value for mark in ' "=\n\\')
    return value if plain else json.dumps(value, ensure_ascii=False)
