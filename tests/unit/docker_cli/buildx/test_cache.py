"""What the build cache holds, and how it is emptied."""

import json
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.cache import du, prune
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Given
from labkit.docker_cli.buildx.shop import Shop
from tests.unit.docker_cli.buildx.fake_engine import FakeEngine, fake_engine

RECORD = {
    "ID": "abc",
    "Type": "regular",
    "InUse": False,
    "Size": 1500,
    "CreatedAt": "2020-01-01T00:00:00Z",
    "LastUsedAt": None,
    "UsageCount": 2,
    "Description": "RUN x",
}
ANSWERS: dict[str, Any] = {
    "GET /system/df": (
        200,
        {"BuildCache": [RECORD, {**RECORD, "ID": "d", "InUse": True, "Shared": True}]},
    ),
    "POST /build/prune": (200, {"CachesDeleted": ["abc"], "SpaceReclaimed": 1500}),
}


def done(folder: Path, verb: Any, **values: list[str]) -> FakeEngine:
    with fake_engine(folder, answers=ANSWERS) as fake:
        assert verb(Shop(fake.engine, folder), Given(values)) == 0
    return fake


def test_lists_records_and_sums(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done(tmp_path, du)
    rows = capsys.readouterr().out.splitlines()
    assert rows[0] == "ID\t\t\t\t\t\tRECLAIMABLE\tSIZE\t\tLAST ACCESSED"
    assert rows[1].startswith(f"{'abc':<40}\ttrue \t\t1.5kB     \t")
    assert rows[1].endswith(" years ago")
    assert rows[2].split()[:3] == ["d", "false", "1.5kB*"]
    assert rows[3:] == [
        *("Shared:\t\t1.5kB", "Private:\t1.5kB"),
        *("Reclaimable:\t1.5kB", "Total:\t\t3kB"),
    ]


def test_tells_more_of_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done(tmp_path, du, verbose=["true"], filter=["id=ab"])
    out = capsys.readouterr().out
    assert "Description:\tRUN x\n" in out
    assert "Last used" not in out
    assert out.count("ID:") == 1
    assert "Total" not in out
    with pytest.raises(BuildxError, match="filter 'x' isn't supported here"):
        done(tmp_path, du, filter=["x=y"])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("id=b", ["abc"]),
        ("description~=UN", ["abc", "d"]),
        ("description=UN", []),
        ("type!=regular", []),
        ("inuse=true", ["d"]),
        ("shared=false", ["abc"]),
        ("private=true", ["abc"]),
        ("until=1h", ["abc", "d"]),
    ],
)
def test_filters(
    text: str, ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done(tmp_path, du, filter=[text])
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["ID", *ids]
    with pytest.raises(BuildxError, match="it has to be name=value"):
        done(tmp_path, du, filter=["shared"])


def test_prunes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = {"force": ["true"], "all": ["true"], "filter": ["until=24h"]}
    spaces = {"keep-storage": ["1kB"], "min-free-space": ["2kB"]}
    fake = done(tmp_path, prune, **given, **spaces)
    said = capsys.readouterr().out.splitlines()
    assert said[0].split() == ["ID", "RECLAIMABLE", "SIZE", "LAST", "ACCESSED"]
    assert said[1].split()[:3] == ["abc", "true", "1.5kB"]
    assert said[2:] == ["Total:\t1.5kB"]
    query = fake.asked[1].query
    assert (query["all"], query["keep-storage"]) == (["1"], ["1024"])
    assert query["min-free-space"] == ["2048"]
    assert json.loads(query["filters"][0]) == {"until": ["24h"]}
    with pytest.raises(BuildxError, match="\"--keep-storage\" flag: invalid size: 'x'"):
        done(tmp_path, prune, force=["true"], **{"keep-storage": ["x"]})


def test_asks_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert done(tmp_path, prune).asked == []
    assert "This will remove all dangling build cache." in capsys.readouterr().out
