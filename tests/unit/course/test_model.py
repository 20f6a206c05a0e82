from labkit.course.model import ExercisePlace, Step
from tests.unit.course.build import make_chapter

BODY = "# A\n\n```{step} go\ntrue\n```\n\n```{exercise} c05-e1\n```\n"


def test_a_chapter_knows_its_name_steps_and_exercises() -> None:
    chapter = make_chapter(BODY)
    assert chapter.name == "chapter05"
    assert chapter.steps == (Step(id="go", script="true", line=9),)
    assert chapter.exercises == (ExercisePlace("c05-e1", 13),)
