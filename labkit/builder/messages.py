"""Docker's sentences about builds, word for word, as far as the builder says them.

The builder lies below the engine, whose own sentences are in ``engine/messages.py``.
"""


def no_dockerfile(name: str) -> str:
    return f"Cannot locate specified Dockerfile: {name}"


def empty_dockerfile(name: str) -> str:
    return f"the Dockerfile ({name}) cannot be empty"


def forbidden_path(path: str) -> str:
    # The parentheses are meant for the path that was found; dockerd never fills them.
    return f"forbidden path outside the build context: {path} ()"
