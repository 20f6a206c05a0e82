"""Docker's sentences, word for word.

Clients read them: docker-py picks its exception by them, the command line its exit
code, Compose its next step, and learners search the web for them. So each is exactly
what a real dockerd says, capitals and full stops included, and every one has its place
here. What no client ever compares is worded where it is raised.
"""

from labkit.base.reference import Reference
from labkit.engine.model import Container, Status

NO_LOG_STREAM = "Bad parameters: you must choose at least one stream"
NO_SWARM = "This node is not part of a swarm"
NO_SWARM_MANAGER = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" '
    "to connect this node to swarm and try again."
)
NO_CLUSTER_VOLUMES = (
    "volume update only valid for cluster volumes, but swarm is unavailable"
)
SHARED_NETWORK = (
    "container sharing network namespace with another container or host cannot be "
    "connected to any other network"
)
NO_ABSOLUTE_FOLDER = (
    "OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown"
)
NO_LISTEN_ADDRESS = 'invalid ListenAddr "": invalid empty address'


def invalid_escape_keys(keys: str) -> str:
    return f"Invalid escape keys ({keys}) provided"


def no_such_container(ref: str) -> str:
    return f"No such container: {ref}"


def no_such_file(path: str, ref: str) -> str:
    return f"Could not find the file {path} in container {ref}"


def no_such_exec(exec_id: str) -> str:
    return f"No such exec instance: {exec_id}"


def no_such_network(ref: str) -> str:
    return f"network {ref} not found"


def no_such_volume(name: str) -> str:
    return f"get {name}: no such volume"


def no_such_plugin(name: str) -> str:
    return f'plugin "{name}" not found'


def not_pulled(code: str, reference: Reference) -> str:
    """Say what could not be pulled; empty for what Docker has no words of its own."""
    pattern = _NOT_PULLED.get(code, "")
    return pattern.format(name=reference.familiar_name, whole=reference.familiar)


_NOT_PULLED = {
    "DENIED": "pull access denied for {name}, repository does not exist or may require "
    "'docker login'",
    "MANIFEST_UNKNOWN": "manifest for {whole} not found",
    "NAME_UNKNOWN": "repository {name} not found",
}


def not_bundled(reference: Reference) -> str:
    """Say, after what the registry said, that we have not brought it along either."""
    return (
        f"and {reference.familiar} is not among the bundled images that are built "
        "('labkit images list' names all, 'labkit images build' makes them)"
    )


def no_such_tag(reference: Reference) -> str:
    return f"tag does not exist: {reference.familiar}"


def nothing_to_push(name: str) -> str:
    return f"An image does not exist locally with the tag: {name}"


def other_platform(ref: str, wanted: str, found: str) -> str:
    return (
        f"image with reference {ref} was found but does not match the specified "
        f"platform: wanted {wanted}, actual: {found}"
    )


def foreign_platform(found: str, own: str) -> str:
    return (
        f"The requested image's platform ({found}) does not match the detected host "
        f"platform ({own}) and no specific platform was requested"
    )


def ambiguous(prefix: str) -> str:
    return f"Multiple IDs found with provided prefix: {prefix}"


def name_in_use(name: str, owner_id: str) -> str:
    return (
        f'Conflict. The container name "/{name}" is already in use by container '
        f'"{owner_id}". You have to remove (or rename) that container to be able to '
        "reuse that name."
    )


def invalid_name(name: str) -> str:
    return (
        f"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
    )


def refusal(container: Container, verb: str) -> str:
    """Say why a container's state forbids a verb."""
    special = _REFUSALS.get((container.status, verb)) or _REFUSALS.get((None, verb))
    pattern = special or "Container {id} is not running"
    return pattern.format(id=container.id, name=container.name)


# (state, verb) -> text; state None serves every state that has no row of its own.
_REFUSALS: dict[tuple[Status | None, str], str] = {
    (Status.PAUSED, "start"): "cannot start a paused container, try unpause instead",
    (
        Status.REMOVING,
        "start",
    ): "container is marked for removal and cannot be started",
    (Status.DEAD, "start"): "container is marked for removal and cannot be started",
    (Status.PAUSED, "pause"): "Container {id} is already paused",
    (
        Status.RESTARTING,
        "pause",
    ): "Container {id} is restarting, wait until the container is running",
    (None, "unpause"): "Container {id} is not paused",
    (
        Status.PAUSED,
        "exec",
    ): "Container {name} is paused, unpause the container before exec",
    (
        Status.RESTARTING,
        "exec",
    ): "Container {id} is restarting, wait until the container is running",
    (Status.PAUSED, "attach"): (
        "Container {name} is paused. Unpause the container first."
    ),
    (Status.RESTARTING, "attach"): (
        "Container {id} is restarting, wait until the container is running"
    ),
    (Status.RESTARTING, "top"): (
        "Container {id} is restarting, wait until the container is running"
    ),
    (Status.RUNNING, "remove"): (
        "You cannot remove a running container {id}. Stop the container before "
        "attempting removal or force remove"
    ),
    (Status.PAUSED, "remove"): (
        "You cannot remove a paused container {id}. Unpause and then stop the "
        "container before attempting removal or force remove"
    ),
    (Status.RESTARTING, "remove"): (
        "You cannot remove a restarting container {id}. Stop the container before "
        "attempting removal or force remove"
    ),
    (
        Status.REMOVING,
        "remove",
    ): "removal of container {name} is already in progress",
    (None, "kill"): "Cannot kill container: {name}: Container {id} is not running",
    (None, "update"): (
        "Cannot update container {id}: Container is marked for removal and cannot be "
        '"update".'
    ),
    (None, "rename"): "Container {id} is being removed",
}


def not_running_link(child: str, path: str) -> str:
    return f"Cannot link to a non running container: /{child} AS /{path}"


def not_shareable(container_id: str) -> str:
    return (
        f"can't join IPC of container {container_id}: non-shareable IPC (hint: use "
        "IpcMode:shareable for the donor container)"
    )


def cannot_join(container_id: str, ipc: bool) -> str:
    prefix = f"can't join IPC of container {container_id}: " if ipc else ""
    return f"{prefix}container {container_id} is not running"


def cannot_restart(ref: str, cause: str) -> str:
    return f"Cannot restart container {ref}: {cause}"


def default_link() -> str:
    return "Conflict, cannot remove the default link name of the container"


def cannot_kill(ref: str, cause: str) -> str:
    return f"Cannot kill container: {ref}: {cause}"


def cannot_update(container_id: str, cause: str) -> str:
    return f"Cannot update container {container_id}: {cause}"


def same_name() -> str:
    return "Renaming a container with the same name as its current name"


def failed_start(cause: str) -> str:
    """Put the words around a runtime's error that containerd and runc put there."""
    hint = ""
    if cause.endswith("not a directory"):
        hint = (
            ": Are you trying to mount a directory onto a file (or vice-versa)? Check "
            "if the specified host path exists and is the expected type"
        )
    return (
        "failed to create shim task: OCI runtime create failed: runc create failed: "
        f"unable to start container process: {cause}: unknown{hint}"
    )


def failed_exec(cause: str) -> str:
    return (
        "OCI runtime exec failed: exec failed: unable to start container process: "
        f"{cause}: unknown"
    )


def invalid_filter(name: str) -> str:
    return f"invalid filter '{name}'"


def network_exists(name: str) -> str:
    return f"network with name {name} already exists"


def active_endpoints(name: str, network_id: str) -> str:
    return (
        f"error while removing network: network {name} id {network_id} has active "
        "endpoints"
    )


def same_bridge_name(network_id: str, other_id: str, bridge: str) -> str:
    return (
        f"cannot create network {network_id} ({bridge}): conflicts with network "
        f"{other_id} ({bridge}): networks have same bridge name"
    )


def volume_in_use(name: str, users: list[str]) -> str:
    return f"remove {name}: volume is in use - [{', '.join(users)}]"
