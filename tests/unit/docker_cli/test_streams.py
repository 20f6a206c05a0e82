import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.streams import Frames, copy_frames


def frame(stream, text):
    return bytes((stream, 0, 0, 0)) + len(text).to_bytes(4, "big") + text


@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(min_size=1)), max_size=5),
    st.integers(1, 9),
)
def test_frames_are_found_wherever_the_stream_is_cut(messages, size):
    data = b"".join(frame(*message) for message in messages)
    frames = Frames()
    found: dict[int, bytes] = {1: b"", 2: b""}
    for start in range(0, len(data), size):
        for stream, piece in frames.feed(data[start : start + size]):
            found[stream] += piece
    for number in (1, 2):
        assert found[number] == b"".join(t for s, t in messages if s == number)


def test_the_engines_own_error_ends_it():
    with pytest.raises(CliError, match="error from daemon in stream: broken"):
        list(Frames().feed(frame(3, b"broken")))


def test_each_stream_goes_its_own_way(capfd):
    copy_frames(iter([frame(1, b"out") + frame(2, b"err")]), tty=False)
    copy_frames(iter([b"raw"]), tty=True)
    said = capfd.readouterr()
    assert (said.out, said.err) == ("outraw", "err")
