"""The words of a transfer are Docker's: clients draw them as they come."""

from labkit.base.digest import Digest
from labkit.images.transfer import LayerStep, Stage


def test_stages_are_what_the_command_line_shows() -> None:
    assert {stage.value for stage in Stage} >= {
        "Pulling fs layer",
        "Verifying Checksum",
        "Download complete",
        "Pull complete",
        "Layer already exists",
    }
    assert LayerStep(Digest.of(b""), Stage.WAITING).total == 0
