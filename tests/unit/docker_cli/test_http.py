import _socket

import pytest

from labkit.docker_cli.errors import EngineError, NoEngineError
from labkit.docker_cli.http import (
    Connection,
    exchange,
    query_string,
    quote,
    raise_for,
    read_head,
)


def pair(data):
    ours, theirs = _socket.socketpair()
    theirs.sendall(data)
    theirs.shutdown(_socket.SHUT_WR)
    return Connection(ours), theirs


def test_reads_a_body_of_a_length_and_one_in_chunks():
    connection, theirs = pair(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
    )
    first = read_head(connection)
    assert (first.status, first.read(), first.finished) == (200, b"hello", True)
    second = read_head(connection)
    assert list(second.pieces()) == [b"abc", b"de"]
    assert second.finished
    connection.close()
    theirs.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 what\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
    ],
)
def test_what_is_no_engine_is_told_in_a_sentence(answer):
    connection, theirs = pair(answer)
    with pytest.raises(NoEngineError, match="what answers is no engine"):
        read_head(connection).read()
    connection.close()
    theirs.close()


def test_an_engine_that_is_killed_has_hung_up():
    # It leaves while we ask, and then with our question unread, which is a reset.
    ours, theirs = _socket.socketpair()
    theirs.close()
    with pytest.raises(NoEngineError, match="the engine hung up"):
        exchange(Connection(ours), b"GET / HTTP/1.1\r\n\r\n", ())
    ours.close()
    ours, theirs = _socket.socketpair()
    ours.sendall(b"GET / HTTP/1.1\r\n\r\n")
    theirs.close()
    with pytest.raises(NoEngineError, match="the engine hung up"):
        read_head(Connection(ours))
    ours.close()


def test_a_connection_that_is_no_longer_there_is_told_in_a_sentence():
    # A broken network shows as any of a dozen errors; here the socket is closed.
    for give_up in ("send", "shut"):
        ours, theirs = _socket.socketpair()
        connection = Connection(ours)
        if give_up == "send":
            ours.shutdown(_socket.SHUT_WR)
            theirs.close()
        else:
            ours.close()
        with pytest.raises(NoEngineError, match="the engine hung up"):
            exchange(connection, b"GET / HTTP/1.1\r\n\r\n", ())
        assert connection.read_some() == b""
        connection.close()
        theirs.close()


def test_what_cannot_be_read_here_is_not_the_engines_fault():
    connection, theirs = pair(b"HTTP/1.1 200 OK\r\n\r\n")

    def unreadable():
        yield b"a"
        raise PermissionError("no")

    with pytest.raises(PermissionError):
        exchange(connection, b"PUT / HTTP/1.1\r\n\r\n", unreadable())
    connection.close()
    theirs.close()


def test_a_stream_is_cut_into_its_values_wherever_it_breaks():
    connection, theirs = pair(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        b'5\r\n{"a":\r\n5\r\n1}\n\n{\r\n6\r\n"b":2}\r\n0\r\n\r\n'
    )
    assert list(read_head(connection).values()) == [{"a": 1}, {"b": 2}]
    connection.close()
    theirs.close()


def test_a_body_of_no_length_ends_with_the_connection():
    connection, theirs = pair(b"HTTP/1.0 200 OK\r\n\r\nall of it")
    assert read_head(connection).read() == b"all of it"
    connection.close()
    theirs.close()


def test_a_refusal_is_the_engines_own_sentence():
    body = b'{"message":"No such container: x"}'
    connection, theirs = pair(
        b"HTTP/1.1 404 Not Found\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    )
    with pytest.raises(EngineError) as caught:
        raise_for(read_head(connection))
    assert str(caught.value) == "Error response from daemon: No such container: x"
    assert caught.value.status == 404
    connection.close()
    theirs.close()


def test_sends_a_stream_in_chunks():
    connection, theirs = pair(b"HTTP/1.1 204 No Content\r\n\r\n")
    head = b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    response = exchange(connection, head, [b"ab", b"", b"c"])
    assert response.read() == b""
    assert theirs.recv(1000) == head + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    connection.close()
    theirs.close()


def test_says_so_if_the_other_side_hangs_up():
    connection, theirs = pair(b"")
    with pytest.raises(NoEngineError):
        read_head(connection)
    connection.close()
    theirs.close()


def test_writes_queries_as_the_api_reads_them():
    assert query_string([]) == ""
    query = [("all", True), ("names", ["a b", "c"]), ("filters", {"x": {"y": True}})]
    assert query_string(query) == (
        "?all=1&names=a%20b&names=c&filters=%7B%22x%22%3A%7B%22y%22%3Atrue%7D%7D"
    )
    assert quote("ä/b", "/") == "%C3%A4/b"
