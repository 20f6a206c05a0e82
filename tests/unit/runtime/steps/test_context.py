"""What errors are called."""

from labkit.runtime.handshake import Channel
from labkit.runtime.steps.context import SetupError
from tests.unit.runtime.steps.made import make_context


def test_an_error_of_the_set_up_is_128() -> None:
    assert SetupError("x").exit_code == 128


def test_the_root_lies_in_the_bundle(channel: Channel) -> None:
    assert make_context(channel).root == "/c/rootfs"
