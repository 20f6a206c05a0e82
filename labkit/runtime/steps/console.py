"""The terminal, from the container's own devpts."""

from labkit.base.errors import os_reason
from labkit.kernel.calls import Kernel
from labkit.kernel.flags import MountFlag
from labkit.runtime.handshake import Message
from labkit.runtime.steps.context import Context, SetupError
from labkit.spec.runtime import ConsoleSize


def open_console(kernel: Kernel, context: Context) -> None:
    """Make a pty, hand its master to the shim and put its slave at 0, 1 and 2.

    It is made inside (as runc does), so that its name exists in the container's
    /dev/pts and tty(1) finds it.
    """
    if not context.process.terminal:
        return
    size = context.process.console_size or ConsoleSize()
    try:
        master, slave, name = kernel.open_terminal(size.height, size.width)
    except OSError as error:
        raise SetupError(f"error opening a terminal: {os_reason(error)}") from error
    context.channel.send(Message.CONSOLE, fds=(master,))
    context.channel.expect(Message.CONSOLE_TAKEN)
    kernel.close(master)
    kernel.take_terminal(slave)
    context.terminal_name = name


def bind_console(kernel: Kernel, context: Context) -> None:
    """Show the init's terminal as /dev/console."""
    if context.terminal_name:
        kernel.make_file("/dev/console", 0o600)
        kernel.mount(context.terminal_name, "/dev/console", None, MountFlag.BIND)
