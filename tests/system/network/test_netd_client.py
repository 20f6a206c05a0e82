"""Starting, adopting and ending netd."""

import os
import signal
import socket
from pathlib import Path

import pytest

from labkit.base.errors import InternalError, UnavailableError
from labkit.network import netd_client
from labkit.network.messages import Request, Verb
from labkit.network.model import Resolver
from tests.waiting import wait_until

pytestmark = pytest.mark.root


def test_a_netd_is_started_found_again_and_ended(tmp_path: Path) -> None:
    assert netd_client.adopt(tmp_path) is None
    first = netd_client.start(tmp_path)
    second = netd_client.adopt(tmp_path)
    assert second is not None
    assert second.pid == first.pid
    comm = Path(f"/proc/{first.pid}/comm").read_text()
    assert comm == "labkit-netd\n"
    own = os.readlink("/proc/self/ns/net")
    assert os.readlink(f"/proc/{first.pid}/ns/net") != own
    second.close()
    assert first.is_alive()
    watch = first.open_watch()
    first.quit()
    netd_client.wait_for_end(watch)
    assert not first.is_alive()
    with pytest.raises(UnavailableError, match="doesn't answer"):
        first.call(Request(Verb.NETWORKS))
    first.close()
    assert netd_client.adopt(tmp_path) is None


def test_ends_beside_a_thousand_open_files(tmp_path: Path) -> None:
    """select(2) takes no file whose number is 1024 or more."""
    netd = netd_client.start(tmp_path)
    crowd = [os.dup(0) for _ in range(1100)]
    try:
        netd.quit()
        assert not netd.is_alive()
    finally:
        for fd in crowd:
            os.close(fd)
        netd.close()


def test_a_folder_with_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("long-" * 30) / ("name-" * 30)
    deep.mkdir(parents=True)
    netd = netd_client.start(deep)
    netd.quit()
    netd.close()


def test_a_refusal_says_what_was_asked(tmp_path: Path) -> None:
    netd = netd_client.start(tmp_path)
    request = Request(Verb.SERVE_DNS, container_id="c", resolver=Resolver(()))
    with pytest.raises(InternalError, match="netd: serve-dns: 3 files wanted"):
        netd.call(request)
    netd.quit()
    netd.close()


def test_a_new_netd_goes_on_in_the_old_ones_namespace(tmp_path: Path) -> None:
    first = netd_client.start(tmp_path)
    identity = os.fstat(first.namespace).st_ino
    watch = first.open_watch()
    os.kill(first.pid, signal.SIGKILL)
    netd_client.wait_for_end(watch)
    second = netd_client.start(tmp_path, first.namespace)
    assert os.fstat(second.namespace).st_ino == identity
    assert second.pid != first.pid
    first.close()
    second.quit()
    second.close()


def test_a_signal_does_not_confuse_the_watch(tmp_path: Path) -> None:
    """poll(2) is restarted by number: the number must not be another file's by then."""
    netd = netd_client.start(tmp_path)
    watch = netd.open_watch()
    assert watch != netd.namespace
    pid = netd.pid
    netd.close()
    netd_client.wait_for_end(watch)
    with socket.socket() as reuse:
        assert reuse.fileno() >= 0
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: netd_client.adopt(tmp_path) is None, "it is gone")
