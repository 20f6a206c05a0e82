import os
import pty
import subprocess
import sys
import termios

from labkit.docker_cli.image.tree import render_tree

PLAIN = {
    "Id": "sha256:" + "a1" * 32,
    "RepoTags": ["app:1", "registry.local/team/app:1"],
    "Created": 1,
    "Size": 1984240,
    "Containers": -1,
}
MANY = {
    "Id": "sha256:" + "b2" * 32,
    "RepoTags": None,
    "Created": 2,
    "Size": 3000000,
    "Containers": 0,
    "Manifests": [
        {
            "ID": f"sha256:{digit * 64}",
            "Kind": kind,
            "Available": digit == "1",
            "Size": {"Total": 2000, "Content": 1000},
            "ImageData": {
                "Platform": {"os": "linux", "architecture": word, "variant": "v8"},
                "Containers": ["c"] if digit == "1" else [],
            },
        }
        for digit, kind, word in (
            ("1", "image", "arm64"),
            ("2", "image", "arm"),
            ("3", "attestation", ""),
        )
    ],
}
HEADS = "\x1b[39m\x1b[1mID\x1b[0m             \x1b[39m\x1b[1mDISK USAGE\x1b[0m   "


def test_the_shortest_name_shares_its_line_with_the_rest():
    warning, legend, empty, heads, *lines = render_tree([PLAIN]).splitlines()
    assert warning.startswith("WARNING: This is an experimental feature.")
    assert legend == " " * 62 + "Info ->  U In Use "
    assert empty == ""
    assert HEADS in heads
    assert heads.startswith("\x1b[39m\x1b[1mIMAGE\x1b[0m" + " " * 20 + "   ")
    assert lines == [
        "registry.local/team/app:1",
        f"app:1{' ' * 20}   a1a1a1a1a1a1       1.98MB             0B        ",
    ]


def test_platforms_stand_below_with_a_mark_on_what_is_used():
    *_, top, arm64, arm, behind = render_tree([PLAIN, MANY]).splitlines()[:8]
    assert top.startswith("<untagged>")
    assert top.endswith("   b2b2b2b2b2b2          3MB            3kB   U    ")
    assert arm64.startswith("├─ linux/arm64/v8")
    assert arm64.endswith("   111111111111          2kB            1kB   U    ")
    assert arm.startswith("└─ linux/arm/v8")
    assert arm.endswith("kB" + " " * 8)
    assert behind == ""


def test_a_narrow_terminal_has_fewer_columns_in_colour():
    shown = _on_a_terminal(columns=46)
    assert "\x1b[93mWARNING" in shown
    assert "\x1b[34m\x1b[1mapp:1\x1b[0m" in shown
    assert "DISK USAGE" in shown
    assert "CONTENT SIZE" not in shown
    assert "\x1b[34m\x1b[1mregistry.local/team/…" in _on_a_terminal(columns=21)


def _on_a_terminal(columns: int) -> str:
    ours, theirs = pty.openpty()
    try:
        termios.tcsetwinsize(theirs, (24, columns))
        script = (
            "import sys; from labkit.docker_cli.image.tree import render_tree; "
            f"sys.stdout.write(render_tree([{PLAIN!r}]))"
        )
        subprocess.run([sys.executable, "-c", script], stdout=theirs, check=True)
        return os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
