import io

from rich.console import Console

from labkit.cli.xray import print_sections
from labkit.course.xray import read_sections


def test_without_an_engine_nothing_is_seen(terminal):
    said = terminal.run("xray", "web")
    assert said.code == 2
    assert said.err.startswith("labkit: no engine answers")


def test_prints_each_part_with_its_facts():
    record = {
        "namespaces": {"net": "4026532000", "user": None},
        "layers": ["/a", "/b"],
        "mounts": [
            {"at": "/data", "flag": None, "writable": True},
            {"at": f"/x/{'ab' * 32}/y", "flag": None, "writable": False},
        ],
        "network": {"my_net": {"address": "10.9.0.2/24", "names": ["web", "w"]}},
        "nothing": [],
    }
    stream = io.StringIO()
    console = Console(file=stream, width=80, color_system=None)
    print_sections(console, read_sections(record))
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert lines == [
        "NAMESPACES",
        "  net  4026532000",
        "LAYERS",
        "    /a",
        "    /b",
        "MOUNTS",
        "  at                  writable",
        "  /data               yes",
        "  /x/abababababab…/y  no",
        "NETWORK",
        "  my net address  10.9.0.2/24",
        "  my net names    web",
        "                  w",
    ]
