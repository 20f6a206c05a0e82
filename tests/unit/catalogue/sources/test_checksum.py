"""labkit.catalogue.sources.checksum: there, and right."""

import hashlib
from pathlib import Path

from labkit.catalogue.sources.checksum import has_sha256

DATA = b"data"
SHA = hashlib.sha256(DATA).hexdigest()


def test_knows_the_right_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert not has_sha256(path, SHA)
    path.write_bytes(DATA)
    assert has_sha256(path, SHA)
    path.write_bytes(DATA + b"!")
    assert not has_sha256(path, SHA)
