"""The fakes of these tests have all that the ports ask for."""

import inspect

import pytest

from labkit.builder import ports
from tests.unit.builder.workshop import FolderLayers, Workshop


@pytest.mark.parametrize(
    ("port", "body"),
    [
        (ports.Layers, FolderLayers),
        (ports.Images, Workshop),
        (ports.Runner, Workshop),
    ],
)
def test_fakes_are_complete(port: type, body: type) -> None:
    for name, method in inspect.getmembers(port, inspect.isfunction):
        if not name.startswith("_"):
            ours = inspect.signature(getattr(body, name))
            assert list(ours.parameters) == list(inspect.signature(method).parameters)
