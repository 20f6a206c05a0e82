"""The corpus: small Dockerfiles, one context for all, and what a build of each gives.

``corpus/*.txt`` holds the Dockerfiles. ``### name | flags`` begins each; flags are
``fails`` (it must not build), ``buildkit`` (a classic builder can't), ``crlf``,
``args=N=V``, ``label=N=V`` and ``target=T``. ``base`` is a busybox, ``trigger`` an
image with ONBUILD in it.
"""

import hashlib
import io
import json
import re
import tarfile
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.engines import TEST_IMAGE, Engine

FOLDER = Path(__file__).parent / "corpus"
TRIGGER = "labtest/trigger"
_BASE = TEST_IMAGE.removesuffix(":latest")
_BASE_WORD = re.compile(r"(?<![-\w/])base(?![-\w])")
_TRIGGER_WORD = re.compile(r"(?<=FROM )trigger\b")


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    flags: tuple[str, ...]

    @property
    def fails(self) -> bool:
        return "fails" in self.flags

    @property
    def needs_buildkit(self) -> bool:
        return "buildkit" in self.flags

    def query(self) -> str:
        """Return what the request's query says."""
        found = {"dockerfile": "Dockerfile", "rm": "1"}
        for flag in self.flags:
            kind, equals, value = flag.partition("=")
            name, _, text = value.partition("=")
            if equals and kind == "target":
                found["target"] = value
            elif equals:
                key = {"args": "buildargs", "label": "labels"}[kind]
                found[key] = json.dumps({name: _named(text)})
        return urllib.parse.urlencode(found)


@dataclass
class Outcome:
    """What a build ended with; ``layers`` are those above the base's."""

    status: int
    code: int = 0
    error: str = ""
    config: dict[str, Any] = field(default_factory=dict)
    layers: list[dict[str, str]] = field(default_factory=list)
    empty: list[bool] = field(default_factory=list)
    image_id: str = ""


def read_cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.txt")):
        for block in re.split(r"^### ", file.read_text(), flags=re.MULTILINE)[1:]:
            head, _, text = block.partition("\n")
            name, _, flags = head.partition("|")
            words = tuple(flags.split())
            text = _named(text)
            if "crlf" in words:
                text = text.replace("\n", "\r\n")
            yield Case(name.strip(), text, words)


def _named(text: str) -> str:
    return _TRIGGER_WORD.sub(TRIGGER, _BASE_WORD.sub(_BASE, text))


def build_case(engine: Engine, case: Case) -> Outcome:
    """Build one; what it made is the caller's to remove."""
    return build_text(engine, case.text, case.query())


def build_text(engine: Engine, text: str, query: str) -> Outcome:
    status, _, body = engine.request(
        "POST",
        f"/build?{query}",
        pack_context(text),
        {"Content-Type": "application/x-tar"},
    )
    lines = [json.loads(line) for line in body.splitlines()]
    if status != 200:
        return Outcome(status, error=lines[0]["message"])
    failed = next((one for one in lines if "errorDetail" in one), None)
    if failed is not None:
        detail = failed["errorDetail"]
        return Outcome(status, detail.get("code", 0), detail["message"])
    image_id = [one["aux"]["ID"] for one in lines if "aux" in one][-1]
    outcome = _read_image(engine, image_id)
    outcome.image_id = image_id
    return outcome


def _read_image(engine: Engine, image_id: str) -> Outcome:
    _, _, archive = engine.request("GET", f"/images/{image_id}/get")
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        (manifest,) = json.load(_member(tar, "manifest.json"))
        config = json.load(_member(tar, manifest["Config"]))
        layers = [_read_layer(_member(tar, name)) for name in manifest["Layers"]]
    inner = {name: value for name, value in config["config"].items() if value}
    inner["Author"] = config.get("author") or ""
    history = [one for one in config["history"] if one.get("created_by") != "tests"]
    scratch = not any("bin/busybox" in layer for layer in layers)
    return Outcome(
        200,
        config=inner,
        layers=layers if scratch else layers[1:],
        empty=[bool(one.get("empty_layer")) for one in history],
    )


def _member(tar: tarfile.TarFile, name: str) -> io.BytesIO:
    file = tar.extractfile(name)
    assert file is not None
    return io.BytesIO(file.read())


def _read_layer(data: io.BytesIO) -> dict[str, str]:
    """Describe each entry of a layer: kind, mode, owner, and content."""
    found = {}
    with tarfile.open(fileobj=data) as tar:
        for member in tar:
            content = ""
            if member.isreg():
                file = tar.extractfile(member)
                assert file is not None
                content = hashlib.sha256(file.read()).hexdigest()[:12]
            kind = member.type.decode()
            name = member.name.removeprefix("./")
            mode = 0o777 if member.issym() else member.mode & 0o7777
            owner = f"{member.uid}:{member.gid}"
            found[name] = f"{kind} {mode:o} {owner} {member.linkname} {content}"
    return found


def pack_context(dockerfile: str) -> bytes:
    """Return the context, the same for all, with a Dockerfile in it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        _file(tar, "Dockerfile", dockerfile.encode())
        for name in ("a.txt", "b.txt", "sp ace.txt", "dir/one", "dir/.hidden"):
            _file(tar, name, name.encode())
        _folder(tar, "dir/sub", 0o755)
        _file(tar, "dir/sub/two", b"two")
        for mode in (0o600, 0o755, 0o4755, 0o444):
            _file(tar, f"modes/{mode:o}", b"x", mode)
        _folder(tar, "modes/private", 0o700)
        _folder(tar, "empty", 0o750)
        _link(tar, "link", "a.txt")
        _link(tar, "dirlink", "dir")
        _link(tar, "links/relative", "../a.txt")
        _link(tar, "links/absolute", "/etc/passwd")
        _link(tar, "links/dangling", "nowhere")
        _file(tar, "x.tar", _archive("w"))
        _file(tar, "x.tar.gz", _archive("w:gz"))
        _file(tar, "archive.bin", _archive("w:xz"))
        _file(tar, "not.tar.gz", b"no archive")
    return out.getvalue()


def _archive(mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as tar:  # type: ignore[call-overload]
        _folder(tar, "in", 0o711)
        _file(tar, "in/f", b"in the archive", 0o640)
        _link(tar, "in/l", "f")
        _file(tar, "one", b"of the archive")
    return out.getvalue()


def _file(tar: tarfile.TarFile, name: str, data: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(data), mode, 1_700_000_000
    tar.addfile(entry, io.BytesIO(data))


def _folder(tar: tarfile.TarFile, name: str, mode: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode = tarfile.DIRTYPE, mode
    tar.addfile(entry)


def _link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)
