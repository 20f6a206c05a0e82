"""Finding a program: Docker's words and codes."""

import pytest

from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel
from labkit.runtime.steps.context import ProgramError, SetupError
from labkit.runtime.steps.program import execute, find_program
from tests.unit.runtime.steps.made import make_context, make_spec, with_process


def _find(channel: Channel, name: str, *env: str) -> str:
    kernel = RecordingKernel(programs=("/bin/true", "/opt/true", "./true"))
    kernel.files.add("/etc/passwd")
    spec = with_process(make_spec(), args=(name,), env=env)
    context = make_context(channel, spec)
    find_program(kernel, context)
    execute(kernel, context)
    assert kernel.executed == context.program
    return context.program


def test_searches_the_containers_path_in_order(channel: Channel) -> None:
    assert _find(channel, "true", "PATH=/usr/bin:/opt:/bin") == "/opt/true"
    # The last of two is the one that the program will see.
    assert _find(channel, "true", "PATH=/opt", "PATH=/bin") == "/bin/true"
    assert _find(channel, "true", "PATH=:/bin") == "./true"
    assert _find(channel, "/bin/true") == "/bin/true"


def test_what_execve_finds_out_comes_late(channel: Channel) -> None:
    kernel = RecordingKernel(fail_at=0)
    context = make_context(channel, with_process(make_spec(), args=("true",)))
    context.program = "/bin/true"
    with pytest.raises(ProgramError, match=r"^exec /bin/true: input/output error$"):
        execute(kernel, context)


@pytest.mark.parametrize(
    ("name", "code", "text"),
    [
        ("nope", 127, 'exec: "nope": executable file not found in $PATH'),
        ("/nope", 127, 'exec: "/nope": stat /nope: no such file or directory'),
        ("/etc/passwd", 126, 'exec: "/etc/passwd": permission denied'),
        ("/etc", 126, 'exec: "/etc": is a directory'),
    ],
)
def test_says_what_is_wrong(channel: Channel, name: str, code: int, text: str) -> None:
    with pytest.raises(SetupError) as caught:
        _find(channel, name, "PATH=/bin")
    assert (str(caught.value), caught.value.exit_code) == (text, code)
