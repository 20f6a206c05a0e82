"""Names, sysctls, masks."""

import pytest

from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel
from labkit.runtime.steps import system
from labkit.runtime.steps.context import SetupError
from tests.unit.runtime.steps.made import make_context


def test_covers_folders_and_files_each_in_its_way(channel: Channel) -> None:
    kernel = RecordingKernel()
    kernel.files.add("/proc/keys")
    system.mask_paths(kernel, make_context(channel))
    sources = {c.operands[1]: c.operands[0] for c in kernel.calls}
    assert sources == {"/proc/keys": "/dev/null", "/sys": "tmpfs"}


def test_passes_over_what_is_absent(channel: Channel) -> None:
    kernel = RecordingKernel(folders=())
    system.mask_paths(kernel, make_context(channel))
    system.protect_paths(kernel, make_context(channel))
    assert kernel.calls == []


def test_makes_the_working_folder_with_its_parents(channel: Channel) -> None:
    kernel = RecordingKernel()
    system.make_working_folder(kernel, make_context(channel))
    assert [c.operands[0] for c in kernel.calls] == ["/srv", "/srv/app"]


def test_a_working_folder_that_cannot_be_made_is_named(channel: Channel) -> None:
    kernel = RecordingKernel(fail_at=1)
    with pytest.raises(SetupError, match=r"^mkdir /srv/app: "):
        system.make_working_folder(kernel, make_context(channel))


def test_sets_names_and_parameters(channel: Channel) -> None:
    kernel = RecordingKernel()
    system.set_names(kernel, make_context(channel))
    system.set_sysctls(kernel, make_context(channel))
    assert list(map(str, kernel.calls)) == [
        "sethostname('box')",
        "write_file('/proc/sys/net/ipv4/ip_forward', '0')",
    ]
