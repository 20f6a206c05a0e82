"""The exercises on a real engine: what their authors claim is proved."""

import json
import os

import docker
import pytest

from labkit.grading.grade import grade_exercises
from labkit.grading.lint import prove_played
from labkit.grading.load import find_exercises, load_exercise, load_exercises
from labkit.grading.model import Outcome
from labkit.grading.mutations import mutate_checks, prove_score
from labkit.grading.observe.made import PROBE_LABEL
from labkit.grading.practice import begin, reset_exercise, solve
from labkit.grading.report.document import report_json
from labkit.grading.trials import play_exercises
from tests.system.grading.plain import plain

SEED = "system-tests"
PATHS = {path.stem: path for path in find_exercises()}
CHAPTERS = sorted({path.parent.name for path in PATHS.values()})
JOBS = 2  # as many as processors: some proofs wait for a page with a time limit
THOROUGH = bool(os.environ.get("LABKIT_TEST_THOROUGH"))

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(
    params=["stocked_lab", pytest.param("stocked_dockerd", marks=pytest.mark.dockerd)]
)
def host(request, tmp_path, monkeypatch):
    """Give the address of an engine that has the images of the chapter."""
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    return request.getfixturevalue(request.param).host


@pytest.fixture
def host_name(request, host):
    """Say which of the two engines it is."""
    return request.node.callspec.params["host"]


@pytest.fixture(scope="session")
def play(request, tmp_path_factory):
    """Give a function that plays a chapter on an engine, once in a session."""
    played = {}

    def play_once(engine, chapter):
        if (engine, chapter) not in played:
            host = request.getfixturevalue(engine).host
            exercises = load_exercises(chapter, SEED)
            if "dockerd" in engine and not THOROUGH and chapter != "chapter05":
                exercises = exercises[:1]
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("LABKIT_HOME", str(tmp_path_factory.mktemp("home")))
                played[engine, chapter] = list(play_exercises(host, exercises, JOBS))
        return played[engine, chapter]

    return play_once


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_claim_of_an_exercise_holds(play, host_name, chapter):
    played = play(host_name, chapter)
    proofs = [proof for exercise in played for proof in prove_played(exercise)]
    assert len(proofs) >= 6 * len(played)
    assert [proof for proof in proofs if not proof.holds] == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_wrong_attempts_show_what_each_part_of_a_check_is_for(play, chapter):
    played = play("stocked_lab", chapter)
    mutants = [mutant for exercise in played for mutant in mutate_checks(exercise)]
    idle = [str(mutant) for mutant in mutants if mutant.is_idle]
    assert prove_score(mutants).holds, idle


@pytest.mark.dockerd
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_both_engines_are_judged_alike(play, chapter):
    ours = _verdicts(play("stocked_lab", chapter))
    theirs = _verdicts(play("stocked_dockerd", chapter))
    assert {attempt: ours[attempt] for attempt in theirs} == theirs


def _verdicts(played):
    """Return what was judged of each attempt, without what is an engine's own."""
    verdicts = {}
    for exercise in played:
        for trial in exercise.trials:
            text = plain(report_json([exercise.grade(trial)]))
            attempt = f"{exercise.exercise.id}: {trial.attempt.title}"
            verdicts[attempt] = json.loads(text)
    return verdicts


def test_grading_leaves_the_engine_as_it_was(host):
    exercise = load_exercise(PATHS["c05-e2"], SEED)
    try:
        solve(host, exercise)
        before = _everything(host, exercise)
        (grade,) = grade_exercises(host, [exercise])
        assert grade.outcome is Outcome.PASSED
        assert _everything(host, exercise) == before
    finally:
        reset_exercise(host, exercise)


def test_two_graders_at_once_say_the_same(host):
    exercise = load_exercise(PATHS["c05-e2"], SEED)
    try:
        solve(host, exercise)
        grades = {grade_exercises(host, [exercise]) for _ in range(3)}
        assert len(grades) == 1
    finally:
        reset_exercise(host, exercise)


def test_reset_removes_the_exercises_things_and_no_others(host):
    exercise = load_exercise(PATHS["c05-e3"], SEED)
    with _client(host) as client:
        made = client.create_container("busybox", ["sleep", "60"], name="stranger")
        try:
            begin(host, exercise)
            client.connect_container_to_network(made["Id"], exercise.owns.networks[0])
            removed = reset_exercise(host, exercise)
            assert len(removed) == 4
            assert client.inspect_container("stranger")["Id"] == made["Id"]
            assert reset_exercise(host, exercise) == ()
        finally:
            client.remove_container(made["Id"], force=True)


@pytest.mark.dockerd
def test_reset_removes_both_networks_of_one_name(stocked_dockerd):
    # An older dockerd lets two clients at once make a network of the same name each.
    exercise = load_exercise(PATHS["c05-e1"], SEED)
    (name,) = exercise.owns.networks
    body = {"Name": name, "CheckDuplicate": False}
    made = [stocked_dockerd.json("POST", "/networks/create", body) for _ in range(2)]
    assert [status for status, _ in made] == [201, 201]
    reset_exercise(stocked_dockerd.host, exercise)
    for _, network in made:
        assert stocked_dockerd.json("GET", f"/networks/{network['Id']}")[0] == 404


class _client:
    """A client that is closed at the end."""

    def __init__(self, host):
        self._client = docker.APIClient(base_url=host, version="auto")

    def __enter__(self):
        return self._client

    def __exit__(self, *_):
        self._client.close()


def _everything(host, exercise):
    """Describe all that a grader could have changed."""
    with _client(host) as client:
        label = {"label": PROBE_LABEL}
        assert client.containers(all=True, filters=label) == []
        names = exercise.owns.containers
        bodies = [client.inspect_container(name) for name in names]
        nets = [client.inspect_network(name) for name in exercise.owns.networks]
        volumes = client.volumes()["Volumes"] or ()
        return bodies, nets, sorted(volume["Name"] for volume in volumes)
