from labkit.docker_cli import units


def test_reads_times_with_zones_and_fractions():
    assert units.parse_rfc3339("1970-01-02T00:00:00Z") == 86400
    assert units.parse_rfc3339("1970-01-01T01:00:00.5+01:00") == 0.5
    assert units.parse_rfc3339("nonsense") == 0


def test_prints_a_networks_time_as_go():
    text = units.go_nanotime("2024-01-02T03:04:05.120000000Z")
    assert text == "2024-01-02 03:04:05.12 +0000 UTC"
    shifted = units.go_nanotime("2024-01-02T03:04:05+02:00")
    assert shifted == "2024-01-02 03:04:05 +0200 +0200"
