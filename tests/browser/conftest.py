"""The browser's tests use the course's engines."""

from tests.course.conftest import docker_host, learner

__all__ = ["docker_host", "learner"]
