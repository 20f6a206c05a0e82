"""One repository of a registry: its manifests, blobs and tags.

Nothing that comes is believed: a manifest has the digest that it was asked by, or, if
it was asked by a tag, the digest that its bytes have; a blob's length is compared here
and its digest by whoever stores it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urljoin

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError
from labkit.images.registry.failures import (
    MAX_BODY_BYTES,
    BrokenPromiseError,
    refusal,
)
from labkit.images.registry.model import Document
from labkit.images.registry.session import Ask, Session
from labkit.images.registry.transport import Answer, Body
from labkit.spec.image import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Descriptor,
)

MAX_MANIFEST_BYTES = 4 << 20
MAX_TAGS = 10_000
_MAX_TAGS_BYTES = 4 << 20
_ACCEPT = ", ".join((OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST))
_NEXT = re.compile(r'<([^>]*)>\s*;.*rel="?next"?')
_DIGEST = "Docker-Content-Digest"


class Repository:
    """Questions about one repository; for many threads."""

    def __init__(self, session: Session, path: str, actions: str = "pull") -> None:
        self._session = session
        self.path = path
        self._actions = actions

    @property
    def host(self) -> str:
        return self._session.endpoint.host

    @property
    def is_mirror(self) -> bool:
        return self._session.endpoint.is_mirror

    @contextmanager
    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
        source: str = "",
    ) -> Iterator[Answer]:
        """Ask for something below the repository, or at an address that it gave."""
        scopes = [f"repository:{self.path}:{self._actions}"]
        if source:
            scopes.append(f"repository:{source}:pull")
        is_below = not path.startswith(("http://", "https://"))
        whole = f"/v2/{self.path}/{path}" if is_below else path
        ask = Ask(method, whole, tuple(scopes), headers or {}, body)
        with self._session.ask(ask) as answer:
            yield answer

    def find_digest(self, tag: str) -> Digest | None:
        """Ask what a tag stands for; None if the registry won't say without more.

        Raises:
            RegistryError: nobody answers, or we may not know.
        """
        with self.ask("HEAD", f"manifests/{tag}", {"Accept": _ACCEPT}) as answer:
            if answer.status == 401:
                raise refusal(answer.status, b"")
            try:
                return Digest(answer.header(_DIGEST)) if answer.status == 200 else None
            except InvalidInputError:
                return None

    def manifest(self, name: str | Digest) -> Document:
        """Fetch a manifest or an index by tag or digest.

        Raises:
            RefusedError: it is not there.
            BrokenPromiseError: what came is not what was asked for.
        """
        with self.ask("GET", f"manifests/{name}", {"Accept": _ACCEPT}) as answer:
            if answer.status != 200:
                raise refusal(answer.status, answer.read_all(MAX_BODY_BYTES))
            content = answer.read_all(MAX_MANIFEST_BYTES)
            _check_length(answer, len(content))
            media_type = answer.header("Content-Type").partition(";")[0].strip()
        found = Digest.of(content)
        if isinstance(name, Digest) and found != name:
            raise BrokenPromiseError(f"manifest verification failed for digest {name}")
        return Document(found, media_type, content)

    @contextmanager
    def open_blob(
        self, blob: Descriptor, offset: int = 0
    ) -> Iterator[tuple[Answer, int]]:
        """Open a blob; give the answer and the byte at which it begins.

        Raises:
            RefusedError: it is not there.
            BrokenPromiseError: it will be shorter or longer than promised.
        """
        headers = {"Range": f"bytes={offset}-"} if offset else {}
        with self.ask("GET", f"blobs/{blob.digest}", headers) as answer:
            begin = offset if answer.status == 206 else 0
            if answer.status not in (200, 206):
                raise refusal(answer.status, answer.read_all(MAX_BODY_BYTES))
            if begin and not answer.header("Content-Range").startswith(
                f"bytes {offset}-"
            ):
                raise BrokenPromiseError(
                    f"blob {blob.digest}: asked for it from byte {offset}, "
                    f"got {answer.header('Content-Range')!r}"
                )
            if answer.size is not None and answer.size != blob.size - begin:
                raise BrokenPromiseError(
                    f"blob {blob.digest}: {blob.size - begin} bytes were promised, "
                    f"{answer.size} are announced"
                )
            yield answer, begin

    def blob_size(self, digest: Digest) -> int | None:
        """Return a blob's length; None if it is not there."""
        with self.ask("HEAD", f"blobs/{digest}") as answer:
            if answer.status == 200:
                return answer.size
            if answer.status == 404:
                return None
            raise refusal(answer.status, answer.read_all(MAX_BODY_BYTES))

    def put_manifest(self, name: str, document: Document) -> None:
        """Store a manifest under a tag or its digest; its blobs are there already."""
        headers = {"Content-Type": document.media_type}
        body = Body.of(document.content)
        with self.ask("PUT", f"manifests/{name}", headers, body) as answer:
            said = answer.read_all(MAX_BODY_BYTES)
            if answer.status not in (200, 201, 202):
                raise refusal(answer.status, said)
            stored = answer.header(_DIGEST)
        if stored and stored != document.digest.text:
            raise BrokenPromiseError(
                f"manifest {document.digest} was stored as {stored}"
            )

    def tags(self) -> tuple[str, ...]:
        """List all tags, page by page."""
        found: dict[str, None] = {}
        page: str | None = "tags/list"
        while page is not None and len(found) < MAX_TAGS:
            with self.ask("GET", page) as answer:
                body = answer.read_all(_MAX_TAGS_BYTES)
                if answer.status != 200:
                    raise refusal(answer.status, body)
                more = _NEXT.search(answer.header("Link"))
                url = answer.request.url
            before = len(found)
            found |= dict.fromkeys(_parse_tags(body, url))
            page = urljoin(url, more[1]) if more and len(found) > before else None
        return tuple(found)


def _check_length(answer: Answer, size: int) -> None:
    if answer.size is not None and answer.size != size:
        raise BrokenPromiseError(
            f'Get "{answer.request.url}": {answer.size} bytes were announced, '
            f"{size} came"
        )


def _parse_tags(body: bytes, url: str) -> list[str]:
    try:
        tags = json.loads(body)["tags"] or []
        if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
            return tags
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    raise BrokenPromiseError(f'Get "{url}": the answer is no list of tags')
