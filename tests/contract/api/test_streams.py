"""Attach, logs, wait and exec by the SDK and by hand, on both engines."""

import contextlib
import random
import socket
import struct
import threading
from pathlib import Path
from queue import Queue

import pytest

from tests.contract.api.world import container
from tests.engines import Engine
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]


def _connect(engine: Engine) -> socket.socket:
    raw = socket.socket(socket.AF_UNIX)
    raw.settimeout(30)
    raw.connect(str(engine.socket))
    return raw


def _upgrade(raw: socket.socket, path: str, body: bytes = b"") -> bytes:
    """Ask for a hijack; return what came after the header."""
    raw.sendall(
        b"POST /v1.41%s HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
        b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        % (path.encode(), len(body), body)
    )
    data = b""
    while b"\r\n\r\n" not in data:
        data += raw.recv(1)
    assert data.startswith(b"HTTP/1.1 101 UPGRADED\r\n"), data
    return data


def _rest(raw: socket.socket) -> bytes:
    data = b""
    while chunk := raw.recv(65536):
        data += chunk
    return data


def _frames(data: bytes) -> list[tuple[int, bytes]]:
    found = []
    while data:
        stream, length = struct.unpack(">BxxxL", data[:8])
        found.append((stream, data[8 : 8 + length]))
        data = data[8 + length :]
    return found


def test_attach_before_start_loses_nothing(engine: Engine) -> None:
    command = ["sh", "-c", "echo out; echo err >&2"]
    with (
        container(engine, "attach", start=False, Cmd=command) as made,
        _connect(engine) as raw,
    ):
        _upgrade(raw, f"/containers/{made}/attach?stream=1&stdout=1&stderr=1")
        assert engine.json("POST", f"/v1.41/containers/{made}/start")[0] == 204
        frames = _frames(_rest(raw))
    assert sorted(frames) == [(1, b"out\n"), (2, b"err\n")]


def test_the_end_of_input_reaches_the_program(engine: Engine) -> None:
    options = {"OpenStdin": True, "StdinOnce": True, "AttachStdin": True}
    with (
        container(engine, "sort", start=False, Cmd=["sort"], **options) as made,
        _connect(engine) as raw,
    ):
        _upgrade(raw, f"/containers/{made}/attach?stream=1&stdin=1&stdout=1")
        assert engine.json("POST", f"/v1.41/containers/{made}/start")[0] == 204
        raw.sendall(b"b\na\n")
        raw.shutdown(socket.SHUT_WR)
        output = b"".join(data for _, data in _frames(_rest(raw)))
    assert output == b"a\nb\n"


def test_attach_with_logs_tells_the_past_first(engine: Engine) -> None:
    command = ["sh", "-c", "echo before; sleep 1000"]
    with container(engine, "past", Cmd=command) as made:
        wait_until(
            lambda: b"before" in _logs(engine, made, "stdout=1"), "it has spoken"
        )
        with _connect(engine) as raw:
            _upgrade(raw, f"/containers/{made}/attach?logs=1&stdout=1")
            assert _frames(_rest(raw)) == [(1, b"before\n")]


def test_detach_keys_leave_the_container_alone(engine: Engine) -> None:
    options = {"Tty": True, "OpenStdin": True, "AttachStdin": True, "Cmd": ["cat"]}
    with container(engine, "keys", **options) as made, _connect(engine) as raw:
        query = "stream=1&stdin=1&stdout=1&detachKeys=ctrl-a,x"
        _upgrade(raw, f"/containers/{made}/attach?{query}")
        raw.sendall(b"hey\n")
        assert raw.recv(3) == b"hey"
        raw.sendall(b"\x01")
        raw.sendall(b"x")
        _rest(raw)  # the engine ends the connection
        _, details = engine.json("GET", f"/v1.41/containers/{made}/json")
    assert details["State"]["Running"] is True


def _logs(engine: Engine, made: str, query: str) -> bytes:
    return engine.request("GET", f"/v1.41/containers/{made}/logs?{query}")[2]


def test_logs_by_stream_tail_and_time(engine: Engine) -> None:
    command = ["sh", "-c", "echo one; echo two; echo three >&2"]
    with container(engine, "logs", Cmd=command) as made:
        engine.json("POST", f"/v1.41/containers/{made}/wait")
        both = _frames(_logs(engine, made, "stdout=1&stderr=1"))
        assert sorted(both) == [(1, b"one\n"), (1, b"two\n"), (2, b"three\n")]
        assert _frames(_logs(engine, made, "stderr=1")) == [(2, b"three\n")]
        assert len(_frames(_logs(engine, made, "stdout=1&stderr=1&tail=1"))) == 1
        assert _frames(_logs(engine, made, "stdout=1&since=4102444800")) == []
        stamped = _frames(_logs(engine, made, "stdout=1&timestamps=1"))[0][1]
        stamp, _, text = stamped.partition(b" ")
        assert (len(stamp), text) == (len("2026-01-01T00:00:00.000000000Z"), b"one\n")


def test_following_logs_ends_with_the_container(engine: Engine) -> None:
    command = ["sh", "-c", "echo begun; read line; echo ended"]
    with container(engine, "follow", Cmd=command, OpenStdin=True) as made:
        found: Queue[bytes] = Queue()
        query = "stdout=1&follow=1"
        follower = threading.Thread(
            target=lambda: found.put(_logs(engine, made, query))
        )
        follower.start()
        with _connect(engine) as raw:
            _upgrade(raw, f"/containers/{made}/attach?stream=1&stdin=1&stdout=1")
            raw.sendall(b"go\n")
            wait_until(found.qsize, "the follower has its end", 30)
        follower.join()
        assert _frames(found.get()) == [(1, b"begun\n"), (1, b"ended\n")]


def test_wait_answers_its_header_before_the_end(engine: Engine) -> None:
    with (
        container(engine, "wait", start=False, Cmd=["sh", "-c", "exit 3"]) as made,
        _connect(engine) as raw,
    ):
        raw.sendall(
            b"POST /v1.41/containers/%s/wait?condition=next-exit HTTP/1.1\r\n"
            b"Host: d\r\nConnection: close\r\n\r\n" % made.encode()
        )
        head = raw.recv(4096)  # nothing would come if it waited for the exit
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert engine.json("POST", f"/v1.41/containers/{made}/start")[0] == 204
        assert b'"StatusCode":3' in head + _rest(raw)


def test_exec_gives_frames_and_an_exit_code(engine: Engine) -> None:
    command = ["sh", "-c", "cat; echo err >&2; exit 5"]
    body = {
        "Cmd": command,
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
    }
    with container(engine, "exec") as made, _connect(engine) as raw:
        status, answer = engine.json("POST", f"/v1.41/containers/{made}/exec", body)
        assert status == 201
        path = f"/exec/{answer['Id']}"
        _upgrade(raw, f"{path}/start", b'{"Detach":false,"Tty":false}')
        raw.sendall(b"typed\n")
        raw.shutdown(socket.SHUT_WR)
        assert sorted(_frames(_rest(raw))) == [(1, b"typed\n"), (2, b"err\n")]
        wait_until(
            lambda: engine.json("GET", f"/v1.41{path}/json")[1]["ExitCode"] == 5,
            "the exec's end is known",
        )


def test_exec_of_what_is_not_there(engine: Engine) -> None:
    body = {"Cmd": ["nosuch"], "AttachStdout": True}
    with container(engine, "exec") as made, _connect(engine) as raw:
        _, answer = engine.json("POST", f"/v1.41/containers/{made}/exec", body)
        path = f"/exec/{answer['Id']}"
        _upgrade(raw, f"{path}/start", b'{"Detach":false,"Tty":false}')
        ((_, text),) = _frames(_rest(raw))
        _, details = engine.json("GET", f"/v1.41{path}/json")
    assert b'"nosuch": executable file not found in $PATH' in text
    assert text.endswith(b"\r\n")
    assert details["ExitCode"] == 126


def test_the_sdk_reads_all_streams(engine: Engine) -> None:
    with (
        container(engine, "sdk", Cmd=["sh", "-c", "echo hi; sleep 1000"]) as made,
        contextlib.closing(engine.client()) as client,
    ):
        found = client.containers.get(made)
        wait_until(lambda: found.logs() == b"hi\n", "the log has come")
        assert found.exec_run("echo again").output == b"again\n"
        code, parts = found.exec_run(["sh", "-c", "echo e >&2; exit 4"], demux=True)
        assert (code, parts) == (4, (None, b"e\n"))
        assert found.top()["Titles"]
        found.stop(timeout=0)
        assert found.wait()["StatusCode"] == 137


def test_the_start_of_an_exec_decides_about_frames(engine: Engine) -> None:
    """The SDK creates with a terminal, starts without saying so, and reads frames."""
    with container(engine, "framed") as made:
        wanted = {"Cmd": ["echo", "hi"], "AttachStdout": True, "Tty": True}
        for said, expected in (
            (b"{}", b"\1\0\0\0\0\0\0\4hi\r\n"),
            (b'{"Tty":true}', b"hi\r\n"),
        ):
            body = engine.json("POST", f"/v1.41/containers/{made}/exec", wanted)[1]
            with _connect(engine) as raw:
                _upgrade(raw, f"/exec/{body['Id']}/start", said)
                assert _rest(raw) == expected


def test_log_files_are_alike_to_the_byte(
    both: tuple[Engine, Engine], tmp_path: Path
) -> None:
    """Whatever a program writes: binary, long lines, letters of all lengths."""
    odd = random.Random(3).randbytes(60_000)
    text = '<a>&"\\\t\r\x7f\u2028äß€😀\n'.encode() * 2_000
    (tmp_path / "data").write_bytes(odd + b"x" * 40_000 + b"\n?\x00" + text + odd[:99])
    files = []
    for engine in both:
        host = {"Binds": [f"{tmp_path}/data:/data:ro"]}
        command = ["cat", "/data"]
        with container(engine, "binary", Cmd=command, HostConfig=host) as made:
            engine.json("POST", f"/v1.41/containers/{made}/wait")
            _, shown = engine.json("GET", f"/v1.41/containers/{made}/json")
            lines = Path(shown["LogPath"]).read_bytes().splitlines()
            files.append([line.rpartition(b',"time":"')[0] for line in lines])
    assert files[0] == files[1]
    assert len(files[0]) > 2_000


def test_the_last_lines_are_the_logs_not_a_streams(
    both: tuple[Engine, Engine],
) -> None:
    command = ["sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.1; done; echo e >&2"]
    seen = []
    for engine in both:
        with container(engine, "tails", Cmd=command) as made:
            engine.json("POST", f"/v1.41/containers/{made}/wait")
            queries = ("stdout=1&tail=2", "stdout=1&tail=2&since=1", "stderr=1&tail=0")
            seen.append([_frames(_logs(engine, made, query)) for query in queries])
    assert seen[0] == seen[1]
    assert seen[0][0] == [(1, b"3\n")]
