import pytest
from pydantic import ValidationError

from labkit.grading.checks.container import SETTINGS
from labkit.grading.checks.table import FAMILIES
from labkit.grading.probes import ContainerProbe, CouldNotCheckError, Observation
from tests.unit.grading.build import DOWN, attach, fields, find, make_container, see


def test_accepts_a_running_container():
    assert fields("container", see(make_container()), name="web") == []


def test_names_the_container_that_is_missing():
    (finding,) = find("container", see(), name="web")
    assert finding.field == "name"
    assert finding.found == "no such container"
    assert "docker ps -a" in finding.next_step


@pytest.mark.parametrize(
    ("params", "command"),
    [
        ({"image": "nginx:1.25"}, "docker run -d --name web nginx:1.25`"),
        ({"image": "busybox"}, "docker run -d --name web busybox sleep infinity`"),
        ({"image": "busybox", "state": "exited"}, "docker run -d --name web busybox`"),
        ({}, "docker run -d --name web IMAGE`"),
    ],
)
def test_the_command_for_a_missing_container_makes_one_that_stays(params, command):
    (finding,) = find("container", see(), name="web", **params)
    assert command in finding.next_step


COMPOSE = {"com.docker.compose.project": "shop"}


def test_a_container_of_compose_is_made_by_compose():
    (finding,) = find("container", see(), name="shop-web-1", labels=COMPOSE)
    assert finding.next_step.startswith("Compose makes it: `docker compose up -d`")


def test_a_setting_of_a_container_of_compose_is_changed_in_its_file():
    def step(**params):
        seen = see(make_container(labels=COMPOSE, status="exited"))
        (finding,) = find("container", seen, name="web", **params)
        return finding.next_step

    assert step(state="any", env={"A": "b"}).endswith(
        "`-e A=b`; as Compose made it: in its file or `.env`, then `up -d`"
    )
    assert "Compose" not in step(state="running")


def test_an_engine_that_is_down_is_no_missing_container():
    seen = Observation({ContainerProbe("web"): DOWN})
    with pytest.raises(CouldNotCheckError, match="no engine answers"):
        find("container", seen, name="web")


def test_tells_how_a_container_exited():
    seen = see(make_container(status="exited", exit_code=3))
    (finding,) = find("container", seen, name="web")
    assert (finding.field, finding.found) == ("state", "exited with code 3")


@pytest.mark.parametrize("status", ["exited", "paused", "created"])
def test_any_state_may_be_asked_for(status):
    seen = see(make_container(status=status))
    assert fields("container", seen, name="web", state=status) == []
    assert fields("container", seen, name="web", state="any") == []
    assert fields("container", seen, name="web") == ["state"]


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("nginx", "nginx:latest", True),
        ("nginx", "docker.io/library/nginx", True),
        ("nginx:1.24", "nginx", False),
        ("nginx", "team/nginx", False),
        ("nginx", "sha256:" + "ab" * 32, False),
    ],
)
def test_compares_images_as_docker_reads_their_names(wanted, found, same):
    seen = see(make_container(image=found))
    assert fields("container", seen, name="web", image=wanted) == (
        [] if same else ["image"]
    )


def test_finds_each_variable_that_differs():
    seen = see(make_container(env={"A": "1", "B": "x"}))
    wanted = {"A": 1, "B": "2", "C": True}
    assert fields("container", seen, name="web", env=wanted) == ["env.B", "env.C"]


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        ("labels", {"team": "red"}, {"team": "blue"}),
        ("mounts", {"/data": "store"}, {"/data": "other"}),
        ("user", "app", "root"),
        ("hostname", "h1", "h2"),
        ("restart", "always", "no"),
        ("health", "healthy", "unhealthy"),
        ("read_only", True, False),
        ("privileged", False, True),
        ("exit_code", 0, 4),
    ],
)
def test_looks_at_a_setting_only_if_asked(setting, good, bad):
    seen = see(
        make_container(
            labels={"team": "red"},
            mounts={"/data": "store"},
            user="app",
            hostname="h1",
            restart="always",
            health="healthy",
            read_only=True,
        )
    )
    assert fields("container", seen, name="web") == []
    assert fields("container", seen, name="web", **{setting: good}) == []
    (field,) = fields("container", seen, name="web", **{setting: bad})
    assert field.split(".")[0] == setting


def test_every_finding_has_a_next_step():
    seen = see(make_container(status="exited", image="busybox"))
    findings = find("container", seen, name="web", image="nginx", user="app")
    assert len(findings) == 3
    assert all(finding.next_step for finding in findings)
    assert len(SETTINGS) > len(findings)


def test_how_the_log_is_kept():
    web = make_container(log_options={"max-size": "1m"})
    log = {"log_driver": "json-file", "log_options": {"max-size": "1m", "max-file": 3}}
    assert fields("container", see(web), name="web", **log) == ["log_options.max-file"]
    log = {"log_driver": "local"}
    assert fields("container", see(web), name="web", **log) == ["log_driver"]


def test_the_name_of_the_image_may_have_to_be_exact():
    web = make_container(image="nginx:1.25")
    pattern = r"nginx:1\.2[45]"
    assert fields("container", see(web), name="web", image_matches=pattern) == []
    web = make_container(image="nginx")
    found = fields("container", see(web), name="web", image_matches=pattern)
    assert found == ["image_matches"]


def test_how_it_is_told_to_stop():
    web = make_container(stop_signal="SIGQUIT")
    assert fields("container", see(web), name="web", stop_signal="SIGQUIT") == []
    found = fields("container", see(web), name="web", stop_signal="SIGTERM")
    assert found == ["stop_signal"]


def test_a_container_made_from_an_images_bare_id_is_of_another_image():
    seen = see(make_container(image="ab" * 32))
    assert fields("container", seen, name="web", image="nginx") == ["image"]


@pytest.mark.parametrize(
    ("wanted", "changes", "step"),
    [
        ("running", {"status": "created"}, "`docker start web`"),
        ("running", {"status": "paused"}, "`docker unpause web`"),
        ("running", {"status": "exited"}, "sleep infinity"),
        ("running", {"status": "exited", "exit_code": 137}, "`docker logs web`"),
        ("paused", {"status": "running"}, "`docker pause web`"),
        ("exited", {"status": "running"}, "`docker stop web`"),
        ("exited", {"status": "created"}, "`docker start web`"),
        ("created", {"status": "running"}, "`docker create --name web`"),
    ],
)
def test_the_next_step_leads_from_one_state_to_the_other(wanted, changes, step):
    seen = see(make_container(**changes))
    (finding,) = find("container", seen, name="web", state=wanted)
    assert step in finding.next_step


@pytest.mark.parametrize(
    ("params", "step"),
    [
        ({"image": "redis"}, "`docker rm -f web`, and run it again from `redis`"),
        ({"env": {"A": "1"}}, "`-e A=1`"),
        ({"labels": {"a": "1"}}, "`--label a=1`"),
        ({"labels": {"com.docker.compose.service": "x"}}, "`docker compose up -d`"),
        ({"ports": ["80:80"]}, "`-p 80:80`"),
        ({"mounts": {"/data": "vol"}}, "`-v vol:/data`"),
        ({"memory": "16m"}, "`docker update --memory 16m --memory-swap 16m web`"),
        ({"cpus": 0.5}, "`docker update --cpus 0.5 web`"),
        ({"pids": 9}, "`docker update --pids-limit 9 web`"),
        ({"restart": "always"}, "`docker update --restart always web`"),
        ({"health": "healthy"}, "'{{json .State.Health}}' web`"),
        ({"networks": ["a"]}, "`docker network connect a web`"),
        ({"network_mode": "none"}, "`--network none`"),
    ],
)
def test_the_next_step_can_be_typed_as_it_stands(params, step):
    (finding,) = find("container", see(make_container()), name="web", **params)
    assert step in finding.next_step


def test_the_next_step_names_the_networks_to_join_and_to_leave():
    seen = see(make_container(attachments=attach("old", "both")))
    (finding,) = find("container", seen, name="web", only_networks=["both", "new"])
    assert finding.next_step == (
        "`docker network connect new web`, then `docker network disconnect old web`"
    )


def test_the_program_must_be_the_one_asked_for():
    seen = see(make_container(argv=("sh", "-c", "echo open; sleep 1d")))
    assert fields("container", seen, name="web", runs="sleep 1d") == []
    (finding,) = find("container", seen, name="web", runs="test -n")
    assert finding.field == "runs"
    assert finding.found == "sh -c echo open; sleep 1d"


def test_a_health_check_must_be_one_that_asks():
    idle = see(make_container(health_test=("CMD-SHELL", "true")))
    asks = see(make_container(health_test=("CMD-SHELL", "wget -q http://127.0.0.1/")))
    wanted = {"name": "web", "health_matches": "wget|curl"}
    assert fields("container", asks, **wanted) == []
    assert fields("container", idle, **wanted) == ["health_matches"]
    assert fields("container", see(make_container()), **wanted) == ["health_matches"]


@pytest.mark.parametrize(
    ("found", "same"),
    [("8M", True), ("8192k", True), ("8388608", True), ("8mb", True), ("8k", False)],
)
def test_sizes_of_logs_may_be_spelt_in_any_way(found, same):
    seen = see(make_container(log_options={"max-size": found}))
    wanted = {"name": "web", "log_options": {"max-size": "8m"}}
    assert fields("container", seen, **wanted) == (
        [] if same else ["log_options.max-size"]
    )


@pytest.mark.parametrize(
    ("wanted", "found", "good"),
    [
        ("app", "app:staff", True),
        ("1000", "1000:1000", True),
        ("app:staff", "app", False),
        ("app", "apps", False),
        ("app", "root:app", False),
    ],
)
def test_a_user_may_have_any_group_unless_one_is_asked_for(wanted, found, good):
    seen = see(make_container(user=found))
    assert fields("container", seen, name="web", user=wanted) == (
        [] if good else ["user"]
    )


@pytest.mark.parametrize(
    "slip", [{"memory": "64x"}, {"ports": ["80"]}, {"image_matches": "["}]
)
def test_a_slip_in_a_value_is_found_when_it_is_written(slip):
    with pytest.raises(ValidationError, match=r"is no|is not of the form"):
        FAMILIES["container"].params.model_validate({"name": "web", **slip})
