from labkit.grading.observe.streams import STDERR, STDOUT, read_frames


def test_picks_what_is_wanted_out_of_the_frames():
    frames = b"\x01\0\0\0\0\0\0\x03one\x02\0\0\0\0\0\0\x03ERR\x01\0\0\0\0\0\0\x03two"
    assert read_frames(frames, STDOUT) == b"onetwo"
    assert read_frames(frames, STDOUT, STDERR) == b"oneERRtwo"
    assert read_frames(frames[:-1], STDOUT) == b"onetw"
    assert read_frames(b"", STDOUT) == b""
