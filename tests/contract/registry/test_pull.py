"""Pulling from a registry that behaves, from one that fails, and from a hostile one."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import NotFoundError
from labkit.images.registry.failures import (
    BrokenPromiseError,
    RefusedError,
    RegistryError,
    UnreachableError,
)
from labkit.images.registry.model import Credentials, Settings
from labkit.images.registry.retry import CancelledError, Patience
from labkit.spec.image import OCI_INDEX, Platform
from tests.contract.fakes.registry import (
    PASSWORD,
    USER,
    FakeRegistry,
    answer_with,
    cut_after,
    digest_of,
    hang_up,
    pour_out,
)
from tests.contract.registry.pulling import Puller, open_puller
from tests.unit.images.fakes import layer_tar

BASE = layer_tar({"bin/sh": b"shell" * 1000})
APP = layer_tar({"app": bytes(range(256)) * 400})
ME = Credentials(USER, PASSWORD)


def packed(tar: bytes) -> bytes:
    return gzip.compress(tar, mtime=0)


def put_app(registry: FakeRegistry, tag: str = "1") -> dict[str, Any]:
    return registry.put_image(
        "team/app", tag, packed(BASE), packed(APP), plain=(BASE, APP)
    )


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


@pytest.fixture
def puller(tmp_path: Path) -> Iterator[Puller]:
    with open_puller(tmp_path) as puller:
        yield puller


def test_pulls_an_image_layer_by_layer(registry: FakeRegistry, puller: Puller) -> None:
    manifest = put_app(registry)
    ended = puller.pull(f"{registry.host}/team/app:1")
    assert ended.is_new
    assert ended.image.id.text == manifest["config"]["digest"]
    assert ended.image.repo_digests[0].digest == ended.digest
    assert len(puller.snapshots.layers) == 2
    first, second = (layer["digest"] for layer in manifest["layers"])
    seen = [(one.layer.text, one.stage.value) for one in puller.told[1:]]  # type: ignore[union-attr]
    assert seen[:2] == [(first, "Pulling fs layer"), (second, "Pulling fs layer")]
    for digest in (first, second):
        stages = [stage for layer, stage in seen if layer == digest]
        assert [stage for stage in stages if stage[0] in "VDP" and stage[1] != "o"] == [
            "Pulling fs layer",
            "Verifying Checksum",
            "Pull complete",
        ]
        assert stages.index("Download complete") < stages.index("Extracting")
    assert not puller.pull(f"{registry.host}/team/app:1").is_new
    assert puller.stages() == []  # as in dockerd: the image is there


def test_takes_what_is_there_from_the_store(
    registry: FakeRegistry, puller: Puller
) -> None:
    registry.put_image("base", "1", packed(BASE), plain=(BASE,))
    put_app(registry)
    puller.pull(f"{registry.host}/base:1")
    puller.pull(f"{registry.host}/team/app:1")
    assert puller.stages()[:2] == ["Already exists", "Pulling fs layer"]
    assert len(registry.asked(f"GET .*blobs/{digest_of(packed(BASE))}")) == 1


def test_chooses_by_platform_from_an_index(
    registry: FakeRegistry, puller: Puller
) -> None:
    entries = []
    for architecture in ("arm64", "amd64"):
        manifest = registry.put_image(
            "app", "x", packed(BASE), plain=(BASE,), architecture=architecture
        )
        data = json.dumps(manifest).encode()
        platform = {"architecture": architecture, "os": "linux"}
        entries.append(
            {
                "mediaType": manifest["mediaType"],
                "digest": digest_of(data),
                "size": len(data),
                "platform": platform,
            }
        )
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries}
    digest = registry.put_manifest("app", "1", index)
    name = f"{registry.host}/app:1"
    ended = puller.pull(name, platform=Platform("arm64", "linux"))
    assert ended.image.config.architecture == "arm64"
    assert ended.digest.text == digest  # the index's: it names the same for everybody
    again = puller.pull(
        f"{registry.host}/app@{digest}", platform=Platform("amd64", "linux")
    )
    assert again.image.config.architecture == "amd64"
    with pytest.raises(NotFoundError, match="no matching manifest for linux/s390x in"):
        puller.pull(name, platform=Platform("s390x", "linux"))


def test_pulls_plain_layers_and_those_without_any(
    registry: FakeRegistry, puller: Puller
) -> None:
    registry.put_image("plain", "1", BASE)
    registry.put_image("empty", "1")
    assert puller.pull(f"{registry.host}/plain:1").image.size == 5000
    assert puller.pull(f"{registry.host}/empty:1").image.size == 0


def test_goes_on_where_it_was_cut(registry: FakeRegistry, puller: Puller) -> None:
    manifest = put_app(registry)
    blob = manifest["layers"][1]["digest"]
    registry.fault(f"GET .*{blob}", cut_after(100), times=2)
    puller.pull(f"{registry.host}/team/app:1")
    ranges = [one.headers.get("Range") for one in registry.asked(f"GET .*{blob}")]
    assert ranges == [None, "bytes=100-", "bytes=200-"]
    assert "Retrying" in puller.stages()


def test_begins_again_where_no_ranges_are_served(
    registry: FakeRegistry, puller: Puller
) -> None:
    registry.store.has_ranges = False
    blob = put_app(registry)["layers"][1]["digest"]
    registry.fault(f"GET .*{blob}", cut_after(100))
    assert puller.pull(f"{registry.host}/team/app:1").is_new


def test_asks_again_while_a_registry_is_overloaded(
    registry: FakeRegistry, puller: Puller
) -> None:
    blob = put_app(registry)["layers"][0]["digest"]
    registry.fault(f"GET .*{blob}", answer_with(503), times=2)
    registry.fault(f"GET .*{blob}", hang_up)
    assert puller.pull(f"{registry.host}/team/app:1").is_new


def test_gives_up_after_five_failures(registry: FakeRegistry, puller: Puller) -> None:
    blob = put_app(registry)["layers"][0]["digest"]
    registry.fault(f"GET .*{blob}", answer_with(503), times=9)
    with pytest.raises(RefusedError, match="HTTP status: 503 Service Unavailable"):
        puller.pull(f"{registry.host}/team/app:1")
    assert len(registry.asked(f"GET .*{blob}")) == 5
    assert puller.is_clean()


def test_stops_when_nobody_waits_any_more(
    registry: FakeRegistry, puller: Puller
) -> None:
    put_app(registry)
    patience = Patience()
    patience.stop.set()
    with pytest.raises(CancelledError, match="context canceled"):
        puller.pull(f"{registry.host}/team/app:1", patience=patience)
    assert puller.is_clean()


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_says_who_it_is_when_asked(auth: str, puller: Puller) -> None:
    with FakeRegistry(auth) as registry:
        put_app(registry)
        assert puller.pull(f"{registry.host}/team/app:1", ME).is_new
        with pytest.raises(RegistryError, match="auth"):
            puller.pull(f"{registry.host}/team/app:1")
        wrong = Credentials(USER, "wrong")
        with pytest.raises(RefusedError, match=r"^unauthorized: authentication requ"):
            puller.pull(f"{registry.host}/team/app:1", wrong)


def test_tells_a_password_to_nobody_else(puller: Puller) -> None:
    with FakeRegistry("basic") as registry, FakeRegistry() as storage:
        manifest = put_app(registry)
        blob = manifest["layers"][0]["digest"]
        storage.put_blob("elsewhere", packed(BASE))
        url = f"http://{storage.host}/v2/elsewhere/blobs/{blob}"
        registry.fault(
            f"GET .*{blob}", answer_with(401, b"", {"WWW-Authenticate": "Basic"})
        )
        registry.fault(f"GET .*{blob}", answer_with(307, b"", {"Location": url}))
        assert puller.pull(f"{registry.host}/team/app:1", ME).is_new
        asked = storage.asked("GET .*elsewhere")
        assert len(asked) == 1
        assert "Authorization" not in asked[0].headers


def test_asks_mirrors_before_the_hub(registry: FakeRegistry, puller: Puller) -> None:
    registry.put_image("library/app", "1", packed(BASE), plain=(BASE,))
    puller.settings = Settings(mirrors=(f"http://{registry.host}",))
    ended = puller.pull("app:1")
    assert ended.reference.familiar == "app:1"
    assert ended.image.repo_digests[0].name == "docker.io/library/app"


def break_config(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    size = manifest["config"]["size"]
    registry.store.blobs[manifest["config"]["digest"]] = b"{}".ljust(size)


def break_layer(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    digest = manifest["layers"][1]["digest"]
    size = len(registry.store.blobs[digest])
    registry.store.blobs[digest] = bytes(size)


def shorten_layer(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    registry.store.blobs[manifest["layers"][1]["digest"]] = b"short"


def lie_about_length(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    blob = manifest["layers"][0]["digest"]
    registry.fault(f"GET .*{blob}", answer_with(200, b"x" * 9999))


def pour_layer(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    blob = manifest["layers"][0]["digest"]
    registry.fault(f"GET .*{blob}", pour_out(b"x" * 10_000))


def loop(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    blob = manifest["layers"][0]["digest"]
    url = f"http://{registry.host}/v2/team/app/blobs/{blob}"
    registry.fault(f"GET .*{blob}", answer_with(307, b"", {"Location": url}), times=99)


def redirect_to_file(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    blob = manifest["layers"][0]["digest"]
    registry.fault(
        f"GET .*{blob}", answer_with(307, b"", {"Location": "file:///etc/passwd"})
    )


def change_manifest(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    registry.fault("GET .*manifests", answer_with(200, b'{"schemaVersion":2}'))


def send_huge_manifest(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    registry.fault("GET .*manifests", pour_out(b" " * 100_000))


def name_other_layers(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    manifest = {**manifest, "layers": manifest["layers"][:1]}
    registry.put_manifest("team/app", "1", manifest)


def swap_layers(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    manifest = {**manifest, "layers": manifest["layers"][::-1]}
    registry.put_manifest("team/app", "1", manifest)


def name_a_negative_size(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    layers = [{**layer, "size": -1} for layer in manifest["layers"]]
    registry.put_manifest("team/app", "1", {**manifest, "layers": layers})


def name_a_path(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    layers = [{**layer, "digest": "sha256:../../x"} for layer in manifest["layers"]]
    registry.put_manifest("team/app", "1", {**manifest, "layers": layers})


def nest_deeply(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    for depth in range(9):
        inner = json.dumps(manifest).encode()
        name = digest_of(inner)
        registry.store.manifests["team/app"][name] = (OCI_INDEX, inner)
        entry = {"mediaType": OCI_INDEX, "digest": name, "size": len(inner)}
        manifest = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}
        registry.put_manifest("team/app", "1", manifest)
        assert depth < 9


def send_brackets(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    data = b"[" * 200_000
    registry.store.manifests["team/app"]["1"] = (OCI_INDEX, data)
    registry.store.manifests["team/app"][digest_of(data)] = (OCI_INDEX, data)


def send_a_chart(registry: FakeRegistry, manifest: dict[str, Any]) -> None:
    config = {**manifest["config"], "mediaType": "application/vnd.cncf.helm.config"}
    registry.put_manifest("team/app", "1", {**manifest, "config": config})


Hostility = Callable[[FakeRegistry, dict[str, Any]], None]


@pytest.mark.parametrize(
    ("hostility", "words"),
    [
        (break_config, "image config verification failed for digest"),
        (break_layer, "^filesystem layer verification failed for digest sha256:"),
        (shorten_layer, "bytes were promised, 5 are announced"),
        (lie_about_length, "bytes were promised, 9999 are announced"),
        (pour_layer, "is longer than the [0-9]+ bytes that were promised"),
        (loop, "stopped after 10 redirects"),
        (redirect_to_file, "redirected to 'file:///etc/passwd'"),
        (change_manifest, "^manifest verification failed for digest sha256:"),
        (send_huge_manifest, "the answer is larger than 4194304 bytes"),
        (name_other_layers, "layers from manifest don't match image configuration"),
        (swap_layers, "^failed to register layer .*: expected diff id|invalid layer"),
        (name_a_negative_size, "has size -1"),
        (name_a_path, "invalid digest 'sha256:../../x'"),
        (nest_deeply, "indexes within indexes"),
        (send_brackets, "invalid manifest sha256:"),
        (send_a_chart, "Encountered remote .*helm.*unknown.* when fetching"),
    ],
)
def test_a_hostile_registry_leaves_nothing_behind(
    registry: FakeRegistry, puller: Puller, hostility: Hostility, words: str
) -> None:
    hostility(registry, put_app(registry))
    with pytest.raises(BrokenPromiseError, match=words):
        puller.pull(f"{registry.host}/team/app:1")
    assert puller.is_clean()


def test_a_blob_that_always_ends_early_is_an_error(
    registry: FakeRegistry, puller: Puller
) -> None:
    blob = put_app(registry)["layers"][1]["digest"]
    registry.fault(f"GET .*{blob}", cut_after(0), times=99)
    with pytest.raises(
        UnreachableError, match=r"broke off after 0 of .* unexpected EOF"
    ):
        puller.pull(f"{registry.host}/team/app:1")
    assert puller.is_clean()


def test_what_is_not_there_is_said_by_the_registry(
    registry: FakeRegistry, puller: Puller
) -> None:
    with pytest.raises(RefusedError, match=r"^manifest unknown: manifest unknown$"):
        puller.pull(f"{registry.host}/nosuch:1")
    nothing = Digest.of(b"")
    with pytest.raises(RefusedError, match="manifest unknown"):
        puller.pull(f"{registry.host}/nosuch@{nothing}")
    with pytest.raises(UnreachableError, match=r"connect: connection refused$"):
        puller.pull("127.0.0.1:1/nosuch")
