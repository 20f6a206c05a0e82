import contextlib
import http.server
import io
import tarfile

import docker
import docker.errors
import pytest

from labkit.grading.observe.reading import read_file, read_logs, run_command
from labkit.grading.probes import CommandResult, Text
from tests.serving import serving


class _Client:
    """Two calls of an API client that reading makes, answered from memory."""

    def __init__(self, archive=b"", printed=b""):
        self.archive, self.printed = archive, printed

    def get_archive(self, name, path):
        return iter([self.archive[:700], self.archive[700:]]), {}

    def logs(self, name, **options):
        return self.printed


def _archive(kind, data=b""):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        member = tarfile.TarInfo("motd")
        member.type, member.size = kind, len(data)
        tar.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def test_reads_a_file_out_of_the_archive():
    client = _Client(_archive(tarfile.REGTYPE, b"hello\n"))
    assert read_file(client, "web", "/etc/motd") == Text("hello\n")


def test_a_folder_is_no_file_whatever_is_in_it():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        folder = tarfile.TarInfo("diary")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        inside = tarfile.TarInfo("diary/today")
        inside.size = 5
        tar.addfile(inside, io.BytesIO(b"word\n"))
    client = _Client(stream.getvalue())
    assert read_file(client, "web", "/diary") == Text("", kind="folder")


class _Linked(_Client):
    """A client whose one path is a link to another, which may be there."""

    def __init__(self, target):
        link = _archive(tarfile.SYMTYPE)
        self.answers = {"/etc/motd": (link, {"linkTarget": "/run/motd"})}
        if target is not None:
            self.answers["/run/motd"] = (target, {})

    def get_archive(self, name, path):
        if path not in self.answers:
            raise docker.errors.NotFound("404", explanation="no such file")
        archive, stat = self.answers[path]
        return iter([archive]), stat


def test_a_link_is_the_file_to_which_it_leads():
    client = _Linked(_archive(tarfile.REGTYPE, b"hello\n"))
    assert read_file(client, "web", "/etc/motd") == Text("hello\n")


def test_a_link_to_nowhere_is_there_and_no_file():
    assert read_file(_Linked(None), "web", "/etc/motd") == Text(
        "", kind="link to nowhere"
    )


@pytest.mark.parametrize(
    ("said", "answer"), [("lstat /x: not a directory", None), ("disk is full", "error")]
)
def test_below_a_file_there_is_no_file(said, answer):
    class _Failing(_Client):
        def get_archive(self, name, path):
            raise docker.errors.APIError("500 Server Error", explanation=said)

    if answer is None:
        assert read_file(_Failing(), "web", "/etc/motd/x") is None
    else:
        with pytest.raises(docker.errors.APIError):
            read_file(_Failing(), "web", "/etc/motd/x")


def test_bytes_that_are_no_text_are_shown_all_the_same():
    assert read_logs(_Client(printed=b"a\xff"), "web") == Text("a\ufffd")


def test_a_container_that_keeps_no_log_has_said_nothing():
    class _Silent(_Client):
        def logs(self, name, **options):
            said = "configured logging driver does not support reading"
            raise docker.errors.APIError("501 Server Error", explanation=said)

    assert read_logs(_Silent(), "web") == Text("")


def test_a_command_has_its_code_and_output(quick_engine):
    # All that it printed comes with the answer's headers, in one piece.
    with contextlib.closing(docker.APIClient(quick_engine, version="1.41")) as client:
        assert run_command(client, "web", ("x",)) == CommandResult(7, "outERR")


class _QuickEngine(http.server.BaseHTTPRequestHandler):
    """An engine in which a program has ended before its start is answered."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.endswith("/start"):
            self._answer(201, b'{"Id": "exec"}')
            return
        frames = b"\1\0\0\0\0\0\0\3out\2\0\0\0\0\0\0\3ERR"
        self._answer(101 if self.headers["Upgrade"] else 200, frames)

    def do_GET(self):
        self._answer(200, b'{"ExitCode": 7}')

    def _answer(self, status, body):
        self.wfile.write(b"HTTP/1.1 %d As-it-is\r\n\r\n%s" % (status, body))
        self.close_connection = True

    def log_message(self, format, *args):
        """Say nothing."""


@pytest.fixture
def quick_engine():
    with serving(
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), _QuickEngine)
    ) as server:
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
