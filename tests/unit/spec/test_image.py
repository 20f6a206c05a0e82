"""Image documents of both families are read, and written as they were."""

import json

from labkit.base.codec import camel_case, decode, encode
from labkit.base.digest import Digest
from labkit.spec.image import DOCKER_MANIFEST, ImageConfig, Index, Manifest

DIGEST = str(Digest.of(b"layer"))
CONFIG = {
    "architecture": "amd64",
    "os": "linux",
    "created": "2023-11-14T22:13:20Z",
    "config": {
        "Env": ["PATH=/bin"],
        "Cmd": ["sh"],
        "ExposedPorts": {"80/tcp": {}},
        "Healthcheck": {"Test": ["CMD", "true"], "Interval": 5},
        "OnBuild": ["RUN x"],
    },
    "rootfs": {"type": "layers", "diff_ids": [DIGEST]},
    "history": [
        {"created_by": "first"},
        {"created_by": "second", "empty_layer": True},
    ],
}


def test_configuration_round_trip() -> None:
    config = decode(ImageConfig, CONFIG, camel_case)
    assert encode(config, camel_case) == CONFIG


def test_nulls_of_older_docker_count_as_absent() -> None:
    text = '{"architecture":"a","os":"linux","config":{"Env":null,"Volumes":null}}'
    config = decode(ImageConfig, json.loads(text), camel_case)
    assert config.config.env == ()


def test_absent_and_cleared_commands_differ() -> None:
    absent = decode(ImageConfig, {**CONFIG, "config": {}}, camel_case)
    cleared = decode(ImageConfig, {**CONFIG, "config": {"Cmd": []}}, camel_case)
    assert absent.config.cmd is None
    assert cleared.config.cmd == ()


def test_manifest_and_index_round_trip() -> None:
    blob = {"mediaType": "x", "digest": DIGEST, "size": 3}
    manifest = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": blob,
        "layers": [blob],
    }
    assert encode(decode(Manifest, manifest, camel_case), camel_case) == manifest
    platform = {"architecture": "arm64", "os": "linux", "variant": "v8"}
    index = {"schemaVersion": 2, "manifests": [{**blob, "platform": platform}]}
    assert encode(decode(Index, index, camel_case), camel_case) == index
