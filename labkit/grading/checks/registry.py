"""``registry``: a tag in a registry, and which image it is."""

from collections.abc import Iterator

from pydantic import Field

from labkit.grading.checks.model import Family, Finding, Params, Port
from labkit.grading.probes import (
    Image,
    ImageProbe,
    Observation,
    Probe,
    RegistryProbe,
    RegistryTag,
)

_WITHIN_SECONDS = 3.0


class RegistryParams(Params):
    """A tag that a registry behind a published port must have."""

    port: Port
    repository: str = Field(description="such as `tools/box`")
    tag: str
    same_as: str | None = Field(None, description="an image of the engine: this one")
    login: tuple[str, str] | None = Field(None, description="[user, password]")
    tls: bool = Field(False, description="true: it must speak HTTPS")
    refuses: bool = Field(False, description="true: it must turn who asks away")
    within: float = Field(_WITHIN_SECONDS, description="seconds to try", le=8)


def probes(params: RegistryParams) -> Iterator[Probe]:
    yield _tag(params)
    if params.same_as:
        yield ImageProbe(params.same_as)


def judge(params: RegistryParams, seen: Observation) -> Iterator[Finding]:
    found = seen.ask(_tag(params))
    assert isinstance(found, RegistryTag)  # a registry probe has no other answer
    if params.refuses and found.status:
        yield from _open_door(params, found)
    elif found.status != _FOUND:
        yield _missing(params, found)
    elif params.same_as is not None:
        yield from _same_image(params, found, seen)


_FOUND = 200
_TURNED_AWAY = (401, 403)


def _open_door(params: RegistryParams, found: RegistryTag) -> Iterator[Finding]:
    if found.status not in _TURNED_AWAY:
        yield Finding(
            field="refuses",
            expected="who is not in its file turned away: status 401",
            found=f"let in: status {found.status}",
            next_step=(
                "it wants three variables: `REGISTRY_AUTH`, "
                "`REGISTRY_AUTH_HTPASSWD_REALM`, `REGISTRY_AUTH_HTPASSWD_PATH`"
            ),
        )


def _missing(params: RegistryParams, found: RegistryTag) -> Finding:
    how = "HTTPS" if params.tls else "HTTP"
    name = f"localhost:{params.port}/{params.repository}:{params.tag}"
    if found.status == 0:
        return Finding(
            field="registry",
            expected=f"a registry that speaks {how} at port {params.port}",
            found=found.problem or "no answer",
            next_step="`docker ps` shows its ports, `docker logs` what it lacks",
        )
    if found.status in _TURNED_AWAY:
        who = f"{params.login[0]} let in" if params.login else "everybody let in"
        return Finding(
            field="login",
            expected=who,
            found=f"turned away: status {found.status}",
            next_step="compare its file of users (htpasswd) with who asks",
        )
    return Finding(
        field="tag",
        expected=f"{params.repository} with the tag {params.tag}",
        found=f"status {found.status}",
        next_step=f"give an image that name by `docker tag`, then `docker push {name}`",
    )


def _same_image(
    params: RegistryParams, found: RegistryTag, seen: Observation
) -> Iterator[Finding]:
    image = seen.ask(ImageProbe(params.same_as or ""))
    if isinstance(image, Image) and image.id in (found.config, found.digest):
        return
    name = f"localhost:{params.port}/{params.repository}:{params.tag}"
    yield Finding(
        field="same_as",
        expected=f"the image that {params.same_as} names",
        found="another image" if image else f"no image named {params.same_as} here",
        next_step=f"`docker tag {params.same_as} {name}`, then `docker push {name}`",
    )


def sentence(params: RegistryParams) -> str:
    if params.refuses:
        return f"the registry at port {params.port} turns strangers away"
    return f"the registry at port {params.port} has {params.repository}:{params.tag}"


def _tag(params: RegistryParams) -> RegistryProbe:
    return RegistryProbe(
        params.port,
        params.repository,
        params.tag,
        params.tls,
        params.login,
        params.within,
    )


FAMILY = Family("registry", RegistryParams, probes, judge, sentence)
