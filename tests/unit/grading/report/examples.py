"""Grades that show all that a report can say."""

from labkit.grading.checks.model import Finding
from labkit.grading.model import Grade, Outcome, Verdict

PASSED = Grade(
    "c05-e1",
    "A network of your own",
    (Verdict("net", "There is a network", Outcome.PASSED, 2, 2),),
    "Its range is `10.9.0.0/24`.",
)
FAILED = Grade(
    "c05-e2",
    "Call it by name",
    (
        Verdict(
            "web",
            "Container web runs",
            Outcome.FAILED,
            0,
            3,
            (
                Finding(
                    "state", "running", "exited with code 1", "see `docker logs web`"
                ),
            ),
        ),
        Verdict(
            "page",
            "Its page answers",
            Outcome.FAILED,
            0,
            2,
            (
                Finding(
                    "needs", "'Container web runs' first", "not there yet", "mend it"
                ),
            ),
        ),
    ),
)
DOWN = Grade(
    "c05-e3",
    "A second network",
    (
        Verdict(
            "joined",
            "It is on both <networks> & \x07 more",
            Outcome.COULD_NOT_CHECK,
            0,
            2,
            reason="no engine answers",
        ),
    ),
)
