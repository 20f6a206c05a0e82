"""Failures and slow answers stand out in the log; the rest is for debugging."""

import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from labkit.api.request_log import SLOW_SECONDS, log_answer

REQUEST = make_mocked_request("POST", "/v1.47/build?buildargs=secret")


@pytest.mark.parametrize(
    ("answer", "seconds", "level"),
    [
        (web.Response(status=200), 0.1, logging.DEBUG),
        (web.Response(status=404), 0.1, logging.DEBUG),
        (web.Response(status=200), SLOW_SECONDS, logging.INFO),
        (web.StreamResponse(status=200), SLOW_SECONDS, logging.DEBUG),
        (web.Response(status=500, text="it broke\n"), 0.1, logging.WARNING),
    ],
)
def test_gives_each_answer_its_level(
    caplog: pytest.LogCaptureFixture,
    answer: web.StreamResponse,
    seconds: float,
    level: int,
) -> None:
    with caplog.at_level(logging.DEBUG, "labkit.api.request_log"):
        log_answer(REQUEST, answer, seconds)
    assert [record.levelno for record in caplog.records] == [level]


def test_tells_what_broke_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    log_answer(REQUEST, web.Response(status=500, text="it broke\n"), 0.25)
    assert caplog.messages == ["POST /v1.47/build: 500 in 0.250 s: it broke"]
