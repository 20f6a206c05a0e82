"""One client's connection: aiohttp's, with three manners of Go's server.

What is no HTTP gets Go's answer. What fails in the middle of an answer ends it. And a
client that closes its half of the connection when it has asked (``socat``, ``nc -N``)
still gets its answer: it has only said that nothing more comes. One that closed the
whole of it has left, and what it followed ends.
"""

import asyncio
import select
from typing import Any

from aiohttp import StreamReader, web

_LOOK_SECONDS = 1.0


class Connection(web.RequestHandler):
    """Serves the requests of one connection, in order."""

    __slots__ = ("_last_body",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._last_body: StreamReader | None = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if request.writer.output_size > 0 or self._is_closing():
            # What is out is half an answer; a second header would be taken for content.
            raise ConnectionError(f"the answer has begun: {exc}")
        text = "400 Bad Request" if status == 400 else f"{status}: {message or exc}"
        answer = web.Response(status=status, text=text)
        answer.force_close()
        return answer

    def data_received(self, data: bytes) -> None:
        known = len(self._messages)
        super().data_received(data)
        if len(self._messages) > known:
            self._last_body = self._messages[-1][1]

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio lets it answer
        """Say whether the connection is to stay open for what is left to write."""
        waiter = self._waiter
        is_idle = waiter is not None and not waiter.done()
        if is_idle or self._last_body is None or not self._last_body.is_eof():
            return False  # nothing that was asked is whole and without an answer
        if self._has_left():
            return False
        self.close()  # after the answers that are owed
        self._look_again()
        return True

    def _is_closing(self) -> bool:
        return self.transport is None or self.transport.is_closing()

    def _has_left(self) -> bool:
        """Tell whether the other side has closed both directions.

        A unix socket says so (unix(7)); of TCP it can't be known, and counts as left.
        """
        if self.transport is None:
            return True
        client = self.transport.get_extra_info("socket")
        if client is None or client.family != client.family.AF_UNIX:
            return True
        poll = select.poll()
        poll.register(client.fileno(), 0)  # POLLHUP is told unasked
        return any(events & select.POLLHUP for _, events in poll.poll(0))

    def _look_again(self) -> None:
        """Notice its leaving: nothing is read any more that would tell."""
        if self.transport is None or self._is_closing():
            return
        if self._has_left():
            self.transport.abort()
            return
        asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look_again)
