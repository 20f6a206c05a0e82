"""One snapshot of the world, through the Docker API and from inside containers.

client   a connection that gives up in time
inspect  the API's JSON -> records
inside   what a container can reach: a probe container beside it
made     the containers that this takes: none is left
pages    what the machine can reach through published ports
registry what a registry has behind such a port
kernel   what the machine's kernel says of a container's process
snapshot all of it at once, bounded in time
"""

from labkit.grading.observe.snapshot import observe, snapshot

__all__ = ["observe", "snapshot"]
