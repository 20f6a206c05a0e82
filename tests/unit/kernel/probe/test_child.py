"""Trials in children."""

import errno
import os
import signal

from labkit.kernel.probe.child import try_in_child


def test_a_trial_that_works() -> None:
    assert try_in_child(lambda: None).ok


def test_a_call_that_fails_is_named() -> None:
    def trial() -> None:
        os.rmdir("/nowhere/at/all")

    outcome = try_in_child(trial)
    assert not outcome.ok
    assert outcome.errno_name == "ENOENT"
    assert "/nowhere/at/all" in outcome.reason


def test_any_exception_is_an_outcome() -> None:
    def trial() -> None:
        raise ValueError("odd")

    outcome = try_in_child(trial)
    assert (outcome.errno_name, outcome.reason) == ("ValueError", "odd")


def test_a_child_that_is_killed_is_an_outcome() -> None:
    outcome = try_in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert not outcome.ok
    assert outcome.errno_name == "EKILLED"


def test_what_a_trial_changes_ends_with_it() -> None:
    before = os.getcwd()
    fds = os.listdir("/proc/self/fd")
    try_in_child(lambda: os.chdir("/"))
    assert os.getcwd() == before
    assert os.listdir("/proc/self/fd") == fds


def test_an_errno_without_a_name() -> None:
    def trial() -> None:
        raise OSError(errno.EPERM, "no")

    assert try_in_child(trial).errno_name == "EPERM"
