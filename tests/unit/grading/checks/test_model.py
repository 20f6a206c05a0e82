import pytest

from labkit.grading.checks.model import listed, running_step


def test_lists_names_for_a_person():
    assert listed(["b", "a"]) == "a, b"
    assert listed([]) == "none"


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (None, "make it, by this name: web"),
        ("paused", "`docker unpause web`"),
        ("exited", "`docker start web`; `docker logs web`"),
        ("created", "`docker start web`"),
        ("restarting", "`docker logs web`"),
    ],
)
def test_the_way_to_a_running_container(status, step):
    assert running_step("web", status).startswith(step)
