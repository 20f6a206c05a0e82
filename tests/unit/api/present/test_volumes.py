"""Volumes as inspect shows them."""

from labkit.api.present.volumes import describe_volume
from labkit.engine.model import Volume
from tests.unit.api.present.records import MIDNIGHT


def test_its_time_has_no_fraction() -> None:
    body = describe_volume(Volume("data", MIDNIGHT + 5, "/v/data/_data"))
    assert body["CreatedAt"] == "2026-01-02T00:00:00Z"
    assert (body["Driver"], body["Scope"]) == ("local", "local")
    assert (body["Labels"], body["Options"]) == (None, None)
