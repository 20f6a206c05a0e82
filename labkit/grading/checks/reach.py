"""``resolves``, ``answers``, ``http``: who can reach whom.

All but ``http`` without ``from`` look from inside a container: that is the only place
where a network's names and routes hold. ``within`` gives a server time to start; a
check that something does *not* answer waits for nothing.
"""

from collections.abc import Iterator

from pydantic import Field, model_validator

from labkit.grading.checks.model import (
    Family,
    Finding,
    Params,
    Port,
    running_step,
)
from labkit.grading.probes import (
    Connection,
    ConnectProbe,
    ContainerProbe,
    FetchProbe,
    Observation,
    Page,
    PageProbe,
    Probe,
    Resolution,
    ResolveProbe,
)

DEFAULT_WITHIN_SECONDS = 2.0


class ResolvesParams(Params):
    """A name that a container must, or must not, be able to look up."""

    from_: str = Field(alias="from", description="the container that asks")
    name: str = Field(description="the name it asks for")
    to: str | None = Field(None, description="the container whose address comes back")
    resolves: bool = Field(True, description="false: the name must be unknown")


def resolves_probes(params: ResolvesParams) -> Iterator[Probe]:
    yield ContainerProbe(params.from_)
    yield ResolveProbe(params.from_, params.name)
    if params.to:
        yield ContainerProbe(params.to)


def judge_resolves(params: ResolvesParams, seen: Observation) -> Iterator[Finding]:
    stopped = list(_not_running(params.from_, seen))
    if stopped:
        yield from stopped
        return
    answer = seen.ask(ResolveProbe(params.from_, params.name))
    addresses = answer.addresses if isinstance(answer, Resolution) else ()
    if bool(addresses) != params.resolves:
        yield Finding(
            field="resolves",
            expected="an address" if params.resolves else "no such name",
            found=", ".join(addresses) or "no such name",
            next_step=_resolve_step(params),
        )
    elif params.to:
        yield from _leads_to(params.to, addresses, seen)


def _resolve_step(params: ResolvesParams) -> str:
    if params.resolves:
        owner = params.to or params.name
        step = (
            "names work between containers of one network that you made yourself: "
            f"compare the networks of {params.from_} and of {owner}"
        )
        if owner == params.name:
            return step
        return (
            f"{step}, and the names that it has there (Aliases, in `docker inspect "
            f"{owner}`): they are given when it joins"
        )
    return f"{params.from_} should share no network with {params.name}"


def _leads_to(
    name: str, addresses: tuple[str, ...], seen: Observation
) -> Iterator[Finding]:
    target = seen.container(name)
    own = {place.ip for place in target.attachments.values()} if target else set()
    if not own & set(addresses):
        yield Finding(
            field="to",
            expected=f"an address of {name}",
            found=", ".join(addresses),
            next_step=f"another container answers to this name, and {name} does not",
        )


def resolves_sentence(params: ResolvesParams) -> str:
    verb = "finds" if params.resolves else "does not find"
    return f"{params.from_} {verb} the name {params.name}"


class AnswersParams(Params):
    """A TCP port that a container must, or must not, be able to reach."""

    from_: str = Field(alias="from", description="the container that asks")
    host: str = Field(description="name or address")
    port: Port
    answers: bool = Field(True, description="false: nobody must answer")
    within: float = Field(DEFAULT_WITHIN_SECONDS, description="seconds to try", le=8)


def answers_probes(params: AnswersParams) -> Iterator[Probe]:
    yield ContainerProbe(params.from_)
    yield _connect(params)


def judge_answers(params: AnswersParams, seen: Observation) -> Iterator[Finding]:
    stopped = list(_not_running(params.from_, seen))
    if stopped:
        yield from stopped
        return
    answer = seen.ask(_connect(params))
    opened = isinstance(answer, Connection) and answer.opened
    if opened != params.answers:
        words = {True: "a connection", False: "no connection"}
        yield Finding(
            field="answers",
            expected=words[params.answers],
            found=words[opened],
            next_step=(
                f"is a server listening at {params.host}:{params.port}, "
                f"and does {params.from_} share a network with it?"
            ),
        )


def answers_sentence(params: AnswersParams) -> str:
    verb = "reaches" if params.answers else "can't reach"
    return f"{params.from_} {verb} {params.host} at port {params.port}"


def _connect(params: AnswersParams) -> ConnectProbe:
    within = params.within if params.answers else 0
    return ConnectProbe(params.from_, params.host, params.port, within)


class HttpParams(Params):
    """A page: through a published port, or with ``from`` inside a network."""

    port: Port
    path: str = "/"
    status: int | None = Field(200, description="null if any status will do")
    contains: str | None = Field(None, description="text of the page")
    login: tuple[str, str] | None = Field(None, description="[user, password]")
    answers: bool = Field(True, description="false: no server must answer")
    host: str | None = Field(None, description="the engine's machine unless given")
    from_: str | None = Field(None, alias="from", description="a container that asks")
    within: float = Field(DEFAULT_WITHIN_SECONDS, description="seconds to try", le=8)

    @model_validator(mode="after")
    def _inside_needs_host(self) -> "HttpParams":
        if self.from_ and not self.host:
            raise ValueError("`from` needs `host`: the name that the container asks")
        if self.from_ and self.login:
            raise ValueError("`login` works only without `from`")
        return self


def http_probes(params: HttpParams) -> Iterator[Probe]:
    if params.from_:
        yield ContainerProbe(params.from_)
    yield _page(params)


def judge_http(params: HttpParams, seen: Observation) -> Iterator[Finding]:
    if params.from_:
        stopped = list(_not_running(params.from_, seen))
        if stopped:
            yield from stopped
            return
    page = seen.ask(_page(params))
    assert isinstance(page, Page)  # a page probe is answered by a page
    if not params.answers:
        yield from _silence(params, page)
    elif page.status == 0:
        yield Finding(
            field="http",
            expected=f"an answer at port {params.port}",
            found=page.problem or "no answer",
            next_step=_silent_step(params, page),
        )
    else:
        yield from _page_findings(params, page)


def _silent_step(params: HttpParams, page: Page) -> str:
    if params.from_:
        return (
            f"does {params.host} run, does it listen at {params.port}, and is it on a "
            f"network of {params.from_}'s?"
        )
    if "refused" in page.problem:
        return (
            f"nobody has published port {params.port}: run the server's container "
            f"again with `-p {params.port}:PORT`: the PORT at which it listens inside"
        )
    return (
        "the port is published and nobody answers behind it: compare the port in "
        "`docker ps` with the one at which the server listens, see its `docker logs`"
    )


def _silence(params: HttpParams, page: Page) -> Iterator[Finding]:
    if page.status:
        yield Finding(
            field="http",
            expected=f"no answer at port {params.port}",
            found=f"status {page.status}",
            next_step="something still listens there: `docker ps` shows what",
        )


def _page_findings(params: HttpParams, page: Page) -> Iterator[Finding]:
    if params.status is not None and page.status != params.status:
        yield Finding(
            field="status",
            expected=str(params.status),
            found=str(page.status),
            next_step="`docker logs` of the server says why it answered so",
        )
    elif params.contains is not None and params.contains not in page.body:
        yield Finding(
            field="body",
            expected=f"a page with {params.contains!r}",
            found=_excerpt(page.body),
            next_step=(
                "another page than asked for: is it the right server that answers "
                "(`docker ps`), and has it the right file?"
            ),
        )


def http_sentence(params: HttpParams) -> str:
    place = f"{params.host or 'localhost'}:{params.port}{params.path}"
    if not params.answers:
        return f"nobody answers at {place}"
    return f"{place} answers{f' to {params.from_}' if params.from_ else ''}"


def _page(params: HttpParams) -> Probe:
    within = params.within if params.answers else 0
    if params.from_:
        url = f"http://{params.host}:{params.port}{params.path}"
        return FetchProbe(params.from_, url, within)
    return PageProbe(params.port, params.path, params.host or "", params.login, within)


def _excerpt(body: str) -> str:
    line = " ".join(body.split())
    return f"{line[:60]}..." if len(line) > 60 else line or "an empty page"


def _not_running(name: str, seen: Observation) -> Iterator[Finding]:
    container = seen.container(name)
    if container is not None and container.status == "running":
        return
    yield Finding(
        field="from",
        expected=f"{name} running, to ask from inside it",
        found="no such container" if container is None else container.status,
        next_step=running_step(name, container.status if container else None),
    )


RESOLVES = Family(
    "resolves", ResolvesParams, resolves_probes, judge_resolves, resolves_sentence
)
ANSWERS = Family(
    "answers", AnswersParams, answers_probes, judge_answers, answers_sentence
)
HTTP = Family("http", HttpParams, http_probes, judge_http, http_sentence)
