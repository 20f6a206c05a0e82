"""Messages in packets, surprises, and the end."""

import os
from collections.abc import Iterator

import pytest

from labkit.base.errors import InternalError
from labkit.runtime.handshake import Channel, Message, channel_pair


@pytest.fixture
def pair() -> Iterator[tuple[Channel, Channel]]:
    ours, theirs = channel_pair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_carries_a_message_with_its_text(pair: tuple[Channel, Channel]) -> None:
    pair[1].send(Message.FAILED, 'exec: "x": gone', 127)
    packet = pair[0].receive()
    assert (packet.message, packet.text, packet.exit_code) == (
        Message.FAILED,
        'exec: "x": gone',
        127,
    )


def test_keeps_messages_apart(pair: tuple[Channel, Channel]) -> None:
    pair[1].send(Message.READY)
    pair[1].send(Message.EXECUTING)
    assert pair[0].receive().message is Message.READY
    assert pair[0].receive().message is Message.EXECUTING


def test_hands_over_a_file(pair: tuple[Channel, Channel]) -> None:
    reader, writer = os.pipe()
    pair[1].send(Message.CONSOLE, fds=(writer,))
    os.close(writer)
    (received,) = pair[0].receive().fds
    assert not os.get_inheritable(received)
    os.write(received, b"x")
    assert os.read(reader, 1) == b"x"
    os.close(received)
    os.close(reader)


def test_a_surprise_names_both(pair: tuple[Channel, Channel]) -> None:
    pair[1].send(Message.EXECUTING)
    with pytest.raises(InternalError, match=r"expected 'go' .* found 'executing'"):
        pair[0].expect(Message.GO)


def test_the_other_sides_death_is_the_end(pair: tuple[Channel, Channel]) -> None:
    pair[0].send(Message.GO)  # unread: the close makes it a reset
    pair[1].close()
    assert pair[0].receive().message is Message.END
    with pytest.raises(InternalError, match="found 'end'"):
        pair[0].expect(Message.READY)
