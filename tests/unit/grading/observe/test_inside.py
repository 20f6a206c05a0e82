import base64
import shutil
import subprocess

import pytest

from labkit.grading.observe.client import connect
from labkit.grading.observe.inside import (
    await_removal,
    read_answers,
    write_script,
)
from labkit.grading.probes import (
    Connection,
    ConnectProbe,
    FetchProbe,
    Page,
    Resolution,
    ResolveProbe,
    Unavailable,
)
from tests.unit.grading.observe.fakes import NOT_FOUND, VERSION, serving

RESOLVE = ResolveProbe("tool", "web")
CONNECT = ConnectProbe("tool", "web", 80)
FETCH = FetchProbe("tool", "http://web:80/")


def _line(number, text):
    return f"{number} {base64.b64encode(text.encode()).decode()}\n"


NSLOOKUP = """\
Server:\t\t127.0.0.11
Address:\t127.0.0.11:53

Non-authoritative answer:
Name:\tweb
Address: 172.18.0.2
Name:\tweb
Address: 172.18.0.3

"""


def test_reads_the_addresses_of_a_name_and_not_of_the_server():
    answers = read_answers([RESOLVE], _line(0, NSLOOKUP + "exit 0"))
    assert answers[RESOLVE] == Resolution(("172.18.0.2", "172.18.0.3"))


def test_an_unknown_name_has_no_addresses():
    text = "Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\n** NXDOMAIN\n\nexit 1"
    assert read_answers([RESOLVE], _line(0, text))[RESOLVE] == Resolution(())


@pytest.mark.parametrize(("code", "opened"), [(0, True), (1, False), (143, False)])
def test_a_connection_is_open_if_the_program_says_so(code, opened):
    answers = read_answers([CONNECT], _line(0, f"exit {code}"))
    assert answers[CONNECT] == Connection(opened)


def test_splits_a_page_from_its_headers():
    text = "  HTTP/1.1 200 OK\n  Server: nginx\n  \n<h1>Hi</h1>\n  indented\nexit 0"
    answers = read_answers([FETCH], _line(0, text))
    assert answers[FETCH] == Page(200, "<h1>Hi</h1>\n  indented")


def test_keeps_the_status_of_an_error_page():
    text = "  HTTP/1.1 404 Not Found\nwget: server returned error: HTTP/1.1 404\nexit 1"
    answer = read_answers([FETCH], _line(0, text))[FETCH]
    assert isinstance(answer, Page)
    assert answer.status == 404


def test_no_server_has_no_status():
    text = "wget: can't connect to remote host: Connection refused\nexit 1"
    answer = read_answers([FETCH], _line(0, text))[FETCH]
    assert answer == Page(
        0, "", "wget: can't connect to remote host: Connection refused"
    )


def test_a_question_without_a_line_is_unanswered():
    answers = read_answers([RESOLVE, CONNECT], _line(1, "exit 0") + "noise\n")
    assert isinstance(answers[RESOLVE], Unavailable)
    assert answers[CONNECT] == Connection(True)


def test_names_are_quoted_for_the_shell():
    script = write_script([ResolveProbe("tool", "$(reboot); x")])
    assert "'$(reboot); x'" in script


@pytest.mark.skipif(not shutil.which("busybox"), reason="needs busybox")
def test_the_script_runs_in_busybox_and_asks_side_by_side():
    probes = [ConnectProbe("tool", "127.0.0.1", port) for port in range(1, 6)]
    done = subprocess.run(
        ["busybox", "sh", "-c", write_script(probes)],
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    answers = read_answers(probes, done.stdout)
    assert set(answers.values()) == {Connection(False)}
    assert done.stderr == ""


@pytest.mark.slow
def test_a_removal_that_was_missed_is_asked_for_again(tmp_path):
    asked = []

    def handler(connection, over):
        request = connection.recv(65536)
        if not request:  # only a knock at the door
            return
        if b"/version" in request:
            connection.sendall(VERSION)
            return
        asked.append(request.split()[1])
        if len(asked) == 1:  # dockerd before 23.0, asked in the moment of the removal
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n"
            )
            over.wait(30)
        else:
            connection.sendall(NOT_FOUND)

    with serving(tmp_path / "s", handler) as host:
        client = connect(host)
        try:
            await_removal(client, "probe")
        finally:
            client.close()
    assert len(asked) == 2
    assert asked[0].endswith(b"/containers/probe/wait?condition=removed")
