"""Pull and push, line by line, as dockerd sends and the command line draws them."""

from typing import Any

from labkit.api.present.progress import progress_bar
from labkit.base.reference import Reference
from labkit.engine.messages import other_platform
from labkit.images.hub import Distribution
from labkit.images.transfer import (
    LayerStep,
    PullBegun,
    PullDone,
    PullEnded,
    PullEvent,
    PullWarning,
    PushEnded,
    Stage,
)


def describe_transfer(event: PullEvent) -> list[dict[str, Any]]:
    """Spell one event; a few take two lines, some take none."""
    if isinstance(event, LayerStep):
        return [_describe_step(event)]
    if isinstance(event, PullBegun):
        reference = event.reference
        tag = reference.text if reference.digest else reference.tag or "latest"
        return [{"status": f"Pulling from {reference.path}", "id": tag}]
    if isinstance(event, PullEnded):
        return [{"status": f"Digest: {event.digest}"}] if event.digest else []
    if isinstance(event, PullWarning):
        text = other_platform(event.reference.familiar, event.wanted, event.found)
        return [{"status": f"WARNING: {text}"}]
    if isinstance(event, PullDone):
        said = "Downloaded newer image" if event.is_new else "Image is up to date"
        return [{"status": f"Status: {said} for {event.reference.familiar}"}]
    return _describe_pushed(event)


def push_begins(reference: Reference) -> dict[str, Any]:
    """Spell the first line of a push, which comes whatever happens next."""
    return {"status": f"The push refers to repository [{reference.name}]"}


def describe_failure(message: str) -> dict[str, Any]:
    """Spell a failure where the header is out already."""
    return {"errorDetail": {"message": message}, "error": message}


def describe_distribution(found: Distribution) -> dict[str, Any]:
    return {
        "Descriptor": {
            "mediaType": found.media_type,
            "digest": found.document.digest.text,
            "size": len(found.document.content),
        },
        "Platforms": [
            {
                "architecture": platform.architecture,
                "os": platform.os,
                **({"variant": platform.variant} if platform.variant else {}),
            }
            for platform in found.platforms
        ],
    }


def _describe_pushed(event: PushEnded) -> list[dict[str, Any]]:
    tag, digest, size = event.reference.tag, event.digest, event.size
    return [
        {"status": f"{tag}: digest: {digest} size: {size}"},
        {
            "progressDetail": {},
            "aux": {"Tag": tag, "Digest": digest.text, "Size": size},
        },
    ]


def _describe_step(step: LayerStep) -> dict[str, Any]:
    line: dict[str, Any] = {"status": step.stage.value, "progressDetail": {}}
    if step.stage is Stage.RETRYING:
        plural = "" if step.current == 1 else "s"
        line["status"] = f"Retrying in {step.current} second{plural}"
    elif step.stage is Stage.MOUNTED:
        line["status"] = f"{step.stage.value} {step.where}"
    elif step.total:
        line["progressDetail"] = {"current": step.current, "total": step.total}
        line["progress"] = progress_bar(step.current, step.total)
    return {**line, "id": step.layer.short}
