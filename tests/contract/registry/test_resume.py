"""A blob as a stream, cut here and there."""

from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.images.registry.failures import RefusedError
from labkit.images.registry.resume import BlobStream
from labkit.images.registry.retry import Patience
from labkit.spec.image import Descriptor
from tests.contract.fakes.registry import FakeRegistry, cut_after, hang_up
from tests.contract.registry.asking import open_repository

DATA = bytes(range(256)) * 1000


def test_reads_across_any_number_of_cuts(tmp_path: Path) -> None:
    waits: list[int] = []
    seen: list[int] = []
    with FakeRegistry() as registry, open_repository(registry.host) as repository:
        registry.put_blob("team/app", DATA)
        registry.fault("GET .*blobs", cut_after(20_000), times=9)
        registry.fault("GET .*blobs", hang_up)
        blob = Descriptor("", Digest.of(DATA), len(DATA))
        patience = Patience(second=0.0)
        with BlobStream(
            repository, blob, patience, seen.append, waits.append
        ) as stream:
            assert b"".join(iter(lambda: stream.read(7000), b"")) == DATA
        assert seen == sorted(seen)
        assert seen[-1] == len(DATA)
        assert len(registry.asked("GET .*blobs")) == 11
    assert set(waits) == {1, 2}  # bytes came between: the patience began anew


def test_what_is_refused_for_good_is_asked_once() -> None:
    with FakeRegistry() as registry, open_repository(registry.host) as repository:
        blob = Descriptor("", Digest.of(DATA), len(DATA))
        with (
            BlobStream(repository, blob, Patience(), print, print) as stream,
            pytest.raises(RefusedError, match="blob unknown"),
        ):
            stream.read()
        assert len(registry.asked("GET .*blobs")) == 1
