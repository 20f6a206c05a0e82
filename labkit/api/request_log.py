"""What the engine's log tells of the requests it answered.

A failure of ours is a warning with its text, a slow answer is news, and all the rest is
for who asked for every detail. Queries stay out of it: build arguments come in them.
"""

import logging

from aiohttp import web

SLOW_SECONDS = 5.0
"""Longer than anything takes but a stop that waits for its container."""

_log = logging.getLogger(__name__)


def log_answer(
    http: web.BaseRequest, answer: web.StreamResponse, seconds: float
) -> None:
    """Write one line, at the level that the answer deserves."""
    level, text = logging.DEBUG, ""
    if isinstance(answer, web.Response):  # what is no stream, and may so be slow
        if answer.status == 500:
            level, text = logging.WARNING, f": {(answer.text or '').strip()}"
        elif seconds >= SLOW_SECONDS:
            level = logging.INFO
    what = f"{http.method} {http.path}"
    _log.log(level, "%s: %d in %.3f s%s", what, answer.status, seconds, text)
