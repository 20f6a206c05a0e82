"""Folders that are OCI layouts."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


def put_blob(folder: Path, data: bytes) -> str:
    digest = sha256(data).hexdigest()
    path = folder / "blobs/sha256" / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return f"sha256:{digest}"


def put_image(folder: Path, name: str, config_type: str = CONFIG) -> str:
    """Add an image of no layers to a layout; return its id."""
    config = put_blob(folder, f'{{"is": "{name}"}}'.encode())
    manifest = {"config": {"mediaType": config_type, "digest": config}, "layers": []}
    digest = put_blob(folder, json.dumps(manifest).encode())
    entry: dict[str, Any] = {"mediaType": MANIFEST, "digest": digest}
    entry["annotations"] = {"org.opencontainers.image.ref.name": name}
    index = folder / "index.json"
    known = json.loads(index.read_text())["manifests"] if index.exists() else []
    index.write_text(json.dumps({"schemaVersion": 2, "manifests": [*known, entry]}))
    return config
