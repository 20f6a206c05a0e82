"""Doors that let clients in, once there is an engine behind them."""

import contextlib

from labkit.api.server import ApiServer
from labkit.api.tls_door import TlsDoor
from labkit.daemon.doors import BoundDoors


class OpenDoors:
    """What listens beside the daemon's socket."""

    def __init__(self, tcp: TlsDoor | None) -> None:
        self._tcp = tcp

    def stop_listening(self) -> None:
        if self._tcp is not None:
            self._tcp.stop_listening()


async def open_doors(
    doors: BoundDoors, server: ApiServer, stack: contextlib.AsyncExitStack
) -> OpenDoors:
    """Let clients in; the stack closes what was opened."""
    if doors.metrics is not None:
        await server.listen_for_metrics(doors.metrics)
    if doors.tcp is None or doors.context is None:
        return OpenDoors(None)
    door = TlsDoor(doors.context, server.serve)
    await stack.enter_async_context(door)
    await door.listen(doors.tcp)
    return OpenDoors(door)
