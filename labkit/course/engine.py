"""What the course asks of the engine itself, over Docker's API."""

import re
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from labkit.course.model import Chapter
from labkit.grading.observe.client import answering, connect

LAB_PLATFORM = "labkit"


def is_lab_engine(docker_host: str) -> bool:
    """Say whether an engine is labkit's own, which lets itself be looked into.

    Raises:
        UnavailableError: nobody answers at that address.
    """
    with closing(connect(docker_host)) as client, answering(docker_host):
        return LAB_PLATFORM in _platform(client.version()).lower()


def describe_engine(docker_host: str, chapter: Chapter) -> tuple[str, dict[str, str]]:
    """Return an engine's name and version, and the ids of the images a chapter names.

    Raises:
        UnavailableError: nobody answers at that address.
    """
    scripts = " ".join(step.script for step in chapter.steps)
    words = set(re.findall(r"[\w./:-]+", scripts))
    with closing(connect(docker_host)) as client, answering(docker_host):
        version = client.version()
        images = client.images()
    named = {
        tag: str(image["Id"])
        for image in images
        for tag in image.get("RepoTags") or ()
        if words & {tag, tag.removesuffix(":latest")}
    }
    engine = f"{_platform(version) or 'Docker Engine'} {version.get('Version', '')}"
    return engine.strip(), dict(sorted(named.items()))


def _platform(version: Mapping[str, Any]) -> str:
    return str((version.get("Platform") or {}).get("Name", ""))
