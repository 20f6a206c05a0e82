import pytest

from labkit.docker_cli import units


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"),
        (1500, "1.5µs"),
        (2 * 10**6, "2ms"),
        (90 * 10**9, "1m30s"),
        (3600 * 10**9, "1h0m0s"),
        (-1500000000, "-1.5s"),
    ],
)
def test_prints_durations_as_go(nanoseconds, text):
    assert units.go_duration(nanoseconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.5, "Less than a second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "About a minute"),
        (150, "2 minutes"),
        (3600, "About an hour"),
        (7200, "2 hours"),
        (86400 * 3, "3 days"),
        (86400 * 15, "2 weeks"),
        (86400 * 65, "2 months"),
        (86400 * 800, "2 years"),
    ],
)
def test_tells_ages_as_docker_ps(seconds, text):
    assert units.human_duration(seconds) == text


def test_reads_times_with_zones_and_fractions():
    assert units.parse_rfc3339("1970-01-02T00:00:00Z") == 86400
    assert units.parse_rfc3339("1970-01-01T01:00:00.5+01:00") == 0.5
    assert units.parse_rfc3339("nonsense") == 0


def test_prints_a_networks_time_as_go():
    text = units.go_nanotime("2024-01-02T03:04:05.120000000Z")
    assert text == "2024-01-02 03:04:05.12 +0000 UTC"
    shifted = units.go_nanotime("2024-01-02T03:04:05+02:00")
    assert shifted == "2024-01-02 03:04:05 +0200 +0200"
