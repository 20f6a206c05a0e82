"""What steps may need, and who has it."""

from labkit.course.load import book_folder, load_book
from labkit.course.places import OBSTACLES, REMARKS, Place, find_places


def test_a_real_docker_has_neither_a_lid_nor_the_lab_s_buildkit() -> None:
    assert find_places(on_lab=False, user_id=0) == {Place.ROOT}


def test_an_ordinary_user_starts_no_engine() -> None:
    assert find_places(on_lab=True, user_id=1000) == {Place.LAB, Place.BUILDKIT}


def test_says_of_each_place_why_a_step_is_skipped() -> None:
    assert set(OBSTACLES) == set(REMARKS) == set(Place)


def test_a_real_docker_runs_all_steps_but_these() -> None:
    offered = find_places(on_lab=False, user_id=0)
    left_out = {
        f"{chapter.name} {step.id}": place
        for chapter in load_book(book_folder())
        for step in chapter.steps
        for place in step.only
        if place not in offered
    }
    assert left_out == {
        "chapter05 bridge": Place.LAB,
        "chapter07 cache-mount": Place.BUILDKIT,
        "chapter07 parallel": Place.BUILDKIT,
        "chapter07 secret": Place.BUILDKIT,
        "chapter12 secrets": Place.BUILDKIT,
    }
