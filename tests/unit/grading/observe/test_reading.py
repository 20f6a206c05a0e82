import io
import tarfile

import docker.errors
import pytest

from labkit.grading.observe.reading import read_file, read_logs, run_command
from labkit.grading.probes import CommandResult, Text


class _Client:
    """The four calls of an API client that reading makes, answered from memory."""

    def __init__(self, archive=b"", printed=b"", code=0):
        self.archive, self.printed, self.code = archive, printed, code

    def get_archive(self, name, path):
        return iter([self.archive[:700], self.archive[700:]]), {}

    def logs(self, name, **options):
        return self.printed

    def exec_create(self, name, argv, **options):
        return {"Id": "exec"}

    def exec_start(self, exec_id):
        return self.printed

    def exec_inspect(self, exec_id):
        return {"ExitCode": self.code}


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


def test_a_folder_is_no_file():
    client = _Client(_archive(tarfile.DIRTYPE))
    assert read_file(client, "web", "/etc") is None


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


def test_a_command_has_its_code_and_output():
    client = _Client(printed=b"out", code=7)
    assert run_command(client, "web", ("x",)) == CommandResult(7, "out")
