import json
from pathlib import Path

import pytest

from labkit.base.errors import UnavailableError
from labkit.course.engine import describe_engine, is_lab_engine
from tests.unit.course.build import make_chapter
from tests.unit.grading.observe.fakes import answer, answer_with, serving


def test_says_that_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="no engine answers at unix://"):
        is_lab_engine(f"unix://{tmp_path}/no.sock")


def test_names_the_images_that_a_chapter_uses(tmp_path: Path) -> None:
    images = [
        {"Id": "sha256:aa", "RepoTags": ["nginx:latest", "nginx:1.25"]},
        {"Id": "sha256:bb", "RepoTags": ["redis:7"]},
        {"Id": "sha256:cc", "RepoTags": None},
    ]
    chapter = make_chapter("```{step} go\ndocker run -d nginx\n```\n")
    body = answer("200 OK", json.dumps(images).encode())
    with serving(tmp_path / "sock", answer_with(body)) as host:
        engine, found = describe_engine(host, chapter)
    assert engine == "Docker Engine fake"
    assert found == {"nginx:latest": "sha256:aa"}
