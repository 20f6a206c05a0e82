"""Pushing to a registry: what goes up, what need not, and under which digest."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.base.reference import parse_reference
from labkit.images.platforms import host_platform
from labkit.images.registry.failures import RefusedError
from labkit.images.registry.retry import Patience
from labkit.images.store import ImageStore
from labkit.images.transfer import LayerStep, PushEnded, TransferEvent
from labkit.images.upstream import RegistrySource
from labkit.spec.image import DOCKER_MANIFEST, OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from tests.contract.fakes.registry import FakeRegistry, answer_with
from tests.contract.registry.asking import open_repository
from tests.unit.images.fakes import MemorySnapshots, config_of, layer_tar, source_of

BASE = layer_tar({"bin/sh": b"shell" * 1000})
OTHER = layer_tar({"other": b"other" * 5000})
APP = layer_tar({"app": bytes(range(256)) * 400})


@dataclass
class Pusher:
    store: ImageStore
    registry: FakeRegistry
    told: list[TransferEvent]

    def push(self, path: str, image_name: str = "") -> PushEnded:
        self.told.clear()
        reference = parse_reference(f"{self.registry.host}/{path}:1")
        image = self.store.resolve(image_name or reference.familiar)
        with open_repository(self.registry.host, path) as repository:
            return self.store.push(
                repository, image, reference, Patience(second=0.0), self.told.append
            )

    def pull(self, path: str) -> Digest | None:
        reference = parse_reference(f"{self.registry.host}/{path}:1")
        with open_repository(self.registry.host, path) as repository:
            source = RegistrySource(repository, reference.name)
            ended = self.store.pull(
                source, reference, host_platform(), Patience(), self.told.append
            )
        return ended.digest

    def stages(self) -> list[str]:
        return [one.stage.value for one in self.told if isinstance(one, LayerStep)]


@pytest.fixture
def pusher(tmp_path: Path) -> Iterator[Pusher]:
    store = ImageStore(tmp_path / "data", MemorySnapshots())
    sources = [source_of(BASE), source_of(APP)]
    store.add(config_of([BASE, APP]), sources, [parse_reference("app:1")])
    with FakeRegistry() as registry:
        yield Pusher(store, registry, [])
    store.close()


def test_packs_with_gzip_and_writes_dockers_manifest(pusher: Pusher) -> None:
    ended = pusher.push("team/app", "app:1")
    kind, content = pusher.registry.store.manifests["team/app"]["1"]
    assert kind == DOCKER_MANIFEST
    assert (ended.digest, ended.size) == (Digest.of(content), len(content))
    manifest = json.loads(content)
    assert manifest["config"]["digest"] == pusher.store.resolve("app:1").id.text
    blobs = [
        pusher.registry.store.blobs[layer["digest"]] for layer in manifest["layers"]
    ]
    assert [gzip.decompress(blob) for blob in blobs] == [BASE, APP]
    assert pusher.stages()[:2] == ["Preparing", "Preparing"]
    assert pusher.stages().count("Pushed") == 2
    digests = [one.digest for one in pusher.store.resolve("app:1").repo_digests]
    assert digests == [ended.digest]


def test_sends_nothing_twice(pusher: Pusher) -> None:
    first = pusher.push("team/app", "app:1")
    sent = len(pusher.registry.asked("PUT .*blobs"))
    assert pusher.push("team/app", "app:1") == first
    assert pusher.stages().count("Layer already exists") == 2
    assert pusher.push("team/copy", "app:1").digest == first.digest
    mounted = [one.where for one in pusher.told if isinstance(one, LayerStep)]
    assert mounted.count("team/app") == 2
    assert len(pusher.registry.asked("PUT .*blobs")) == sent + 1  # a configuration


def test_packs_the_same_layer_to_the_same_bytes(pusher: Pusher) -> None:
    first = pusher.push("team/app", "app:1")
    with FakeRegistry() as other:
        assert Pusher(pusher.store, other, []).push("x", "app:1").digest == first.digest


def test_what_was_pulled_goes_up_by_its_own_manifest(pusher: Pusher) -> None:
    """An OCI image stays one, and its digest says so."""
    registry = pusher.registry
    packed = gzip.compress(OTHER, 9)
    digest = put_oci(registry, OTHER, packed)
    pusher.pull("oci")
    assert pusher.push("copy", f"{registry.host}/oci:1").digest.text == digest
    with FakeRegistry() as other:  # where nothing can be mounted
        there = Pusher(pusher.store, other, [])
        assert there.push("copy", f"{registry.host}/oci:1").digest.text == digest
        assert packed in other.store.blobs.values()


def test_what_is_packed_otherwise_here_is_mounted(pusher: Pusher) -> None:
    digest = put_oci(pusher.registry, APP, gzip.compress(APP, 9))
    pusher.pull("oci")
    name = f"{pusher.registry.host}/oci:1"
    assert pusher.push("copy", name).digest.text == digest
    with FakeRegistry() as other:  # where it can't be: then it is another image's twin
        twin = Pusher(pusher.store, other, []).push("copy", name)
        assert twin.digest.text != digest


def put_oci(registry: FakeRegistry, tar: bytes, packed: bytes) -> str:
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": registry.describe("oci", config_of([tar]), OCI_CONFIG),
        "layers": [registry.describe("oci", packed, OCI_LAYER_GZIP)],
        "annotations": {"made": "by somebody else"},
    }
    return registry.put_manifest("oci", "1", manifest)


def test_a_refused_layer_ends_it_before_the_manifest(pusher: Pusher) -> None:
    denied = b'{"errors":[{"code":"DENIED","message":"not yours"}]}'
    pusher.registry.fault("POST", answer_with(403, denied), times=9)
    with pytest.raises(RefusedError, match="denied: not yours"):
        pusher.push("team/app", "app:1")
    assert pusher.registry.store.manifests == {}
    assert pusher.store.resolve("app:1").repo_digests == ()


def test_goes_on_after_a_stumble(pusher: Pusher) -> None:
    pusher.registry.fault("PUT .*blobs", answer_with(503), times=3)
    assert pusher.push("team/app", "app:1").size > 0
    assert "Retrying" in pusher.stages()
