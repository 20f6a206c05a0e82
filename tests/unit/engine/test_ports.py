"""The fakes can do all that the engine asks for."""

import inspect

import pytest

from labkit.engine import ports
from tests.contract.fakes.builder import FakeBuilder
from tests.contract.fakes.images import FakeImages, FakeSnapshots
from tests.contract.fakes.network import FakeNetwork
from tests.contract.fakes.runtime import FakeRuntime


@pytest.mark.parametrize(
    ("port", "fake"),
    [
        (ports.RuntimePort, FakeRuntime),
        (ports.NetworkPort, FakeNetwork),
        (ports.ImagesPort, FakeImages),
        (ports.SnapshotsPort, FakeSnapshots),
        (ports.BuilderPort, FakeBuilder),
    ],
)
def test_a_fake_has_every_call_with_the_same_arguments(port: type, fake: type) -> None:
    calls = {
        name: call
        for name, call in vars(port).items()
        if inspect.iscoroutinefunction(call) and not name.startswith("_")
    }
    assert calls
    for name, call in calls.items():
        ours = getattr(fake, name)
        assert inspect.iscoroutinefunction(ours)
        assert list(inspect.signature(ours).parameters) == list(
            inspect.signature(call).parameters
        )
