"""What daemon and netd say to one another, over a socket pair."""

import os
import socket

import pytest

from labkit.base.errors import InvalidInputError, UnavailableError
from labkit.network.messages import (
    Answer,
    Names,
    RelayedPort,
    Request,
    Verb,
    enlarge_buffers,
    receive_answer,
    receive_request,
    send_record,
)
from labkit.network.model import Network, Resolver, Subnet

PORT = RelayedPort("tcp", "0.0.0.0", 8080, "172.18.0.2", 80)


def pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def test_a_request_arrives_with_its_files() -> None:
    request = Request(
        Verb.RELAY,
        container_id="c",
        networks=(Network("a" * 64, "n", "bridge", (Subnet("10.0.0.0/8", ""),)),),
        names=Names("n", "net", {"web": ("10.0.0.2",)}, {"10.0.0.2": "web.net"}),
        resolver=Resolver(("n",), ("10.0.0.53",)),
        ports=(PORT,),
    )
    ours, theirs = pair()
    with ours, theirs, open(os.devnull, "rb") as file:
        send_record(ours, request, [file.fileno()])
        received, fds = receive_request(theirs)
        assert received == request
        assert os.readlink(f"/proc/self/fd/{fds[0]}") == os.devnull
        assert not os.get_inheritable(fds[0])
        os.close(fds[0])


def test_an_answer_arrives() -> None:
    answer = Answer(pid=7, relayed={"c": (PORT,)}, resolvers={"c": Resolver(("n",))})
    ours, theirs = pair()
    with ours, theirs:
        send_record(ours, answer)
        assert receive_answer(theirs) == (answer, [])


def test_the_names_of_many_containers_fit() -> None:
    names = {f"container-{number}": ("10.0.0.2",) for number in range(20_000)}
    ours, theirs = pair()
    with ours, theirs:
        enlarge_buffers(ours)
        enlarge_buffers(theirs)
        send_record(ours, Request(Verb.NAMES, names=Names("n", "net", names)))
        received, _ = receive_request(theirs)
        assert received is not None
        assert received.names is not None
        assert len(received.names.names) == 20_000


def test_a_hang_up_is_no_message() -> None:
    ours, theirs = pair()
    ours.close()
    with theirs:
        assert receive_request(theirs) == (None, [])
        with pytest.raises(UnavailableError, match="hung up"):
            receive_answer(theirs)


def test_an_unknown_verb_is_refused() -> None:
    ours, theirs = pair()
    with ours, theirs:
        ours.send(b'{"verb": "dance"}')
        with pytest.raises(InvalidInputError, match="verb"):
            receive_request(theirs)


def test_a_port_reads_as_docker_port_shows_it() -> None:
    assert str(PORT) == "0.0.0.0:8080 -> 172.18.0.2:80/tcp"
    assert str(RelayedPort("udp", "::", 53, "fd00::2", 53)) == (
        "[::]:53 -> [fd00::2]:53/udp"
    )
