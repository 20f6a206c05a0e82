"""``COPY --parents``: folders on the way, from the pivot on."""

from pathlib import Path

import pytest

from labkit.builder.copying import Copier, CopyRules
from labkit.builder.parents import copy_with_parents
from labkit.builder.place import Destination, NewFolder, Target
from labkit.builder.sources import Origin


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a/b/x.txt", {"a/b/x.txt"}),
        ("a/*/x.txt", {"a/b/x.txt", "a/c/x.txt"}),
        ("a/./b/x.txt", {"b/x.txt"}),
        ("a/b", {"a/b/x.txt", "a/b/y.md"}),
        ("**/*.md", {"a/b/y.md", "z.md"}),
        ("a/**", {"a/b/x.txt", "a/b/y.md", "a/c/x.txt"}),
        ("no/such", set()),
    ],
)
def test_keeps_the_way(tmp_path: Path, source: str, expected: set[str]) -> None:
    root, upper = tmp_path / "root", tmp_path / "upper"
    for name in ("a/b/x.txt", "a/b/y.md", "a/c/x.txt", "z.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "a").chmod(0o711)
    upper.mkdir()
    copy_with_parents(
        Copier(CopyRules()),
        Origin((root,)),
        source,
        Destination(upper, ()),
        Target("/", NewFolder()),
    )
    found = {str(p.relative_to(upper)) for p in upper.rglob("*") if p.is_file()}
    assert found == expected
    if any(name.startswith("a/") for name in expected):
        assert (upper / "a").stat().st_mode & 0o777 == 0o711
