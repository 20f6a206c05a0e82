"""The kernel takes our programs and reads them as our interpreter does."""

import errno
import os
from collections.abc import Callable

import pytest

from labkit.kernel import libc
from labkit.kernel.capabilities import DEFAULT_CAPABILITIES
from labkit.kernel.flags import CloneFlag, Prctl
from labkit.kernel.seccomp import compile_filter
from labkit.kernel.seccomp_profile import default_profile

pytestmark = pytest.mark.root


def under_the_filter(action: Callable[[], object]) -> int:
    """Run something in a child with Docker's default filter; return its errno."""
    program = compile_filter(default_profile(DEFAULT_CAPABILITIES))
    pid = os.fork()
    if pid == 0:
        code = 0
        try:
            libc.prctl(Prctl.SET_NO_NEW_PRIVS, 1, 0, 0, 0)
            libc.load_seccomp(program)
            action()
        except OSError as error:
            code = error.errno or 255
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_ordinary_work_goes_on() -> None:
    def work() -> None:
        child = os.fork()
        if child == 0:
            os.execv("/bin/true", ["true"])
        assert os.waitpid(child, 0)[1] == 0

    assert under_the_filter(work) == 0


def test_doors_are_shut_even_for_root() -> None:
    assert under_the_filter(lambda: libc.unshare(CloneFlag.NEWNS)) == errno.EPERM
    assert under_the_filter(lambda: libc.sethostname("x")) == errno.EPERM
    assert under_the_filter(lambda: libc.join_session_keyring("x")) == errno.EPERM


def test_without_the_filter_they_are_open() -> None:
    pid = os.fork()
    if pid == 0:
        libc.unshare(CloneFlag.NEWUTS)
        libc.sethostname("x")
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
