"""What the check at the end of the run would see."""

import subprocess
import sys

import pytest

from tests.leftovers import take_stock
from tests.waiting import wait_until


def test_a_process_of_ours_is_seen_until_it_has_ended() -> None:
    command = [sys.executable, "-c", "input()", "labkit.daemon"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        line = f"process {process.pid} "
        wait_until(
            lambda: any(entry.startswith(line) for entry in take_stock()),
            "it shows its command line",
        )
        assert process.stdin is not None
        process.stdin.close()
    assert not any(entry.startswith(line) for entry in take_stock())


@pytest.mark.root
def test_interfaces_and_firewall_tables_of_ours_are_seen() -> None:
    before = take_stock()
    subprocess.run(["ip", "link", "add", "labtest0", "type", "bridge"], check=True)
    subprocess.run(["nft", "add", "table", "ip", "labkit_test"], check=True)
    try:
        assert take_stock() - before == {
            "interface labtest0",
            "firewall table labkit_test",
        }
    finally:
        subprocess.run(["ip", "link", "del", "labtest0"], check=True)
        subprocess.run(["nft", "delete", "table", "ip", "labkit_test"], check=True)
    assert take_stock() <= before
