import os

import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.input_file import open_input, read_pieces


def test_reads_a_file_in_pieces(tmp_path):
    path = tmp_path / "in"
    path.write_bytes(b"x" * 300_000)
    fd = open_input(str(path))
    assert b"".join(read_pieces(fd)) == b"x" * 300_000
    os.close(fd)


def test_says_what_go_says_of_a_file_that_is_not_there():
    with pytest.raises(CliError, match=r"^open none: no such file or directory$"):
        open_input("none")
