"""Which release of Docker Buildx this one looks like."""

# What is offered is BuildKit's of that time; Compose asks for 0.17 at least.
VERSION = "v0.24.0-labkit"
