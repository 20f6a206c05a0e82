"""The root: its mount, the move into it, its seal."""

from dataclasses import replace

from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel
from labkit.runtime.steps import root
from tests.unit.runtime.steps.made import make_context, make_spec


def test_a_root_without_layers_is_bound_onto_itself(channel: Channel) -> None:
    spec = replace(make_spec(), annotations={})
    kernel, context = RecordingKernel(), make_context(channel, spec)
    root.mount_root(kernel, context)
    assert kernel.calls[0].operands[:2] == ("/c/rootfs", "/c/rootfs")
    assert context.root_fd in kernel.open_files


def test_lets_go_of_the_hosts_root(channel: Channel) -> None:
    kernel, context = RecordingKernel(), make_context(channel)
    context.root_fd = kernel.open_folder("/c/rootfs")
    root.change_root(kernel, context)
    assert kernel.names[-4:] == ["chdir", "pivot_root", "umount", "chdir"]
    assert kernel.open_files == {}


def test_is_read_only_when_asked(channel: Channel) -> None:
    kernel = RecordingKernel()
    root.seal_root(kernel, make_context(channel))
    assert "RDONLY" in str(kernel.calls[0])
    spec = make_spec()
    spec = replace(spec, root=replace(spec.root, readonly=False))
    root.seal_root(kernel, make_context(channel, spec))
    assert len(kernel.calls) == 1


def test_the_upper_layer_holds_whole_files_only(channel: Channel) -> None:
    """Whatever the distribution's defaults for redirect_dir and metacopy are."""
    kernel = RecordingKernel()
    root.mount_root(kernel, make_context(channel))
    options = str(kernel.calls[0].operands[-1]).split(",")
    assert {"redirect_dir=off", "metacopy=off"} <= set(options)
