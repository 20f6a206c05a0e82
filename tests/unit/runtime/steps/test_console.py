"""The terminal's way to the shim; the message carries real files, so these do too."""

import os

from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Message
from labkit.runtime.steps.console import bind_console, open_console
from tests.unit.runtime.steps.made import (
    channels,
    make_context,
    make_spec,
    with_process,
)


class OneTerminal(RecordingKernel):
    """Hands out a file that can travel through a socket."""

    def open_terminal(self, height: int, width: int) -> tuple[int, int, str]:
        _, slave, name = super().open_terminal(height, width)
        master = os.open("/dev/null", os.O_RDWR)
        self.open_files[master] = "/dev/ptmx"
        return master, slave, name


def test_hands_the_master_to_the_shim() -> None:
    kernel = OneTerminal(folders=("/", "/dev"))
    with channels() as (shim, child):
        shim.send(Message.CONSOLE_TAKEN)
        spec = with_process(make_spec(), terminal=True)
        context = make_context(child, spec)
        open_console(kernel, context)
        (received,) = shim.expect(Message.CONSOLE).fds
    os.close(received)
    assert context.terminal_name == "/dev/pts/0"
    bind_console(kernel, context)
    assert kernel.mounted == ["/dev/console"]


def test_does_nothing_without_a_terminal() -> None:
    kernel = RecordingKernel()
    with channels() as (_, child):
        context = make_context(child)
        open_console(kernel, context)
        bind_console(kernel, context)
    assert kernel.calls == []
