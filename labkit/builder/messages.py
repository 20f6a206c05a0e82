"""Docker's sentences about builds, word for word, as far as the builder says them.

The builder lies below the engine, whose own sentences are in ``engine/messages.py``.
"""

_NO_OWNER = "unable to convert uid/gid chown string to host mapping"


def no_dockerfile(name: str) -> str:
    return f"Cannot locate specified Dockerfile: {name}"


def empty_dockerfile(name: str) -> str:
    return f"the Dockerfile ({name}) cannot be empty"


def failed(instruction: str, reason: object) -> str:
    return f"{instruction} failed: {reason}"


def no_source(instruction: str, source: str, from_context: bool) -> str:
    path = source.lstrip("/").removeprefix("./")
    where = "file not found in build context or excluded by .dockerignore: "
    reason = f"stat {path}: file does not exist"
    return f"{instruction} failed: {where if from_context else ''}{reason}"


def no_sources(instruction: str) -> str:
    return f"{instruction} failed: no source files were specified"


def no_context(instruction: str) -> str:
    return f"{instruction} failed: missing build context"


def not_a_folder(instruction: str) -> str:
    return (
        f"When using {instruction} with more than one source file, the destination "
        "must be a directory and end with a /"
    )


def url_in_copy(instruction: str) -> str:
    return f"{instruction} failed: source can't be a URL for COPY"


def no_file_name(source: str) -> str:
    return f"cannot determine filename for source {source}"


def bad_status(url: str, status: str) -> str:
    return f"failed to GET {url} with status {status}"


def wrong_checksum(expected: str, found: str) -> str:
    return f"digest mismatch {found}: {expected}"


def checksum_of_many() -> str:
    return "checksum can't be specified for multiple sources"


def checksum_of_file() -> str:
    return "checksum requires HTTP(S) or Git sources"


def no_mount_source(source: str) -> str:
    return f"failed to compute cache key: {source!r}: not found"


def no_secret(name: str) -> str:
    return f"secret {name}: not found"


def not_allowed(entitlement: str) -> str:
    return f"{entitlement} is not allowed"


def unknown_entitlement(name: str) -> str:
    return f"unknown entitlement {name}"


def no_agent(name: str) -> str:
    return f"unset ssh forward key {name}"


def failed_command(command: str, code: int) -> str:
    return f"The command '{command}' returned a non-zero code: {code}"


def blank_base(base: str) -> str:
    return f"base name ({base}) should not be blank"


def no_such_user(name: str) -> str:
    return f"{_NO_OWNER}: can't find uid for user {name}: no such user: {name}"


def no_such_group(name: str) -> str:
    return f"{_NO_OWNER}: can't find gid for group {name}: no such group: {name}"


def forbidden_path(path: str) -> str:
    # The parentheses are meant for the path that was found; dockerd never fills them.
    return f"forbidden path outside the build context: {path} ()"
