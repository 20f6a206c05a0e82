import time

import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.timestamps import moment


def test_a_duration_is_that_long_ago():
    assert abs(float(moment("10m")) - (time.time() - 600)) < 5


def test_seconds_stay_and_dates_are_counted(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    assert moment("1700000000.5") == "1700000000.5"
    assert moment("1970-01-02") == "86400.000000000"
    assert moment("1970-01-01T01:00") == "3600.000000000"
    assert moment("1970-01-01T01:00:00Z") == "3600.000000000"
    assert moment("1970-01-01T01:00:00+01:00") == "0.000000000"


def test_refuses_what_is_neither():
    with pytest.raises(CliError) as caught:
        moment("odd", "since")
    assert str(caught.value) == (
        'invalid value for "since": failed to parse value as time or duration: "odd"'
    )


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("2020-13-01", "month"),
        ("2020-12-32", "day"),
        ("2020-12-31T25:00", "hour"),
        ("2020-12-31T23:00:61Z", "second"),
    ],
)
def test_refuses_a_time_that_never_was(text, field):
    with pytest.raises(CliError, match=f'parsing time "{text}": {field} out of range'):
        moment(text)
