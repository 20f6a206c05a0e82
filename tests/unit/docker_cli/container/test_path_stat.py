import base64
import json

from labkit.docker_cli.container.path_stat import PathStat, link_target


def stat(**fields):
    whole = {"name": "x", "size": 3, "mode": 0o644, "linkTarget": "", **fields}
    return PathStat(base64.b64encode(json.dumps(whole).encode()).decode())


def test_reads_the_header_with_gos_bits():
    assert stat(mode=1 << 31).is_folder
    assert stat(mode=1 << 27, linkTarget="y").is_link
    plain = stat()
    assert (plain.name, plain.size, plain.is_folder, plain.is_link) == (
        "x",
        3,
        False,
        False,
    )


def test_says_what_is_no_file():
    assert stat().oddity == stat(mode=1 << 31).oddity == ""
    assert stat(mode=1 << 26).oddity == "a device"
    assert stat(mode=1 << 19).oddity == "an irregular file"


def test_a_link_leads_from_its_folder_or_from_the_root():
    assert link_target("/a/b", "/c") == "/c"
    assert link_target("/a/b", "../c") == "/c"
    assert link_target("/a/b/", "c") == "/a/c"
