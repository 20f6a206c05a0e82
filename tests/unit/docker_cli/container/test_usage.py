from labkit.docker_cli.container.usage import STATS, Usage, empty_row

SAMPLE = {
    "id": "a1" * 32,
    "name": "/web",
    "cpu_stats": {
        "cpu_usage": {"total_usage": 200},
        "system_cpu_usage": 2000,
        "online_cpus": 2,
    },
    "precpu_stats": {"cpu_usage": {"total_usage": 100}, "system_cpu_usage": 1000},
    "memory_stats": {
        "usage": 300,
        "limit": 1000,
        "stats": {"total_inactive_file": 100},
    },
    "networks": {"eth0": {"rx_bytes": 5, "tx_bytes": 7}},
    "blkio_stats": {"io_service_bytes_recursive": [{"op": "Read", "value": 3}]},
    "pids_stats": {"current": 4},
}


def shown(row):
    return {name: field(row, True) for name, field in STATS.fields.items()}


def test_counts_as_docker_cli_counts():
    assert shown(Usage("web", SAMPLE).row) == {
        "Container": "web",
        "Name": "web",
        "ID": "a1" * 6,
        "CPUPerc": "20.00%",
        "MemUsage": "200B / 1000B",
        "MemPerc": "20.00%",
        "NetIO": "5B / 7B",
        "BlockIO": "3B / 0B",
        "PIDs": "4",
    }


def test_what_is_not_known_is_dashes():
    row = shown(empty_row("web"))
    assert (row["CPUPerc"], row["MemUsage"], row["PIDs"]) == ("--", "-- / --", "--")
