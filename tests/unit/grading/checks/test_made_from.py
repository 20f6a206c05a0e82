import pytest

from labkit.grading.checks.container import probes
from labkit.grading.checks.made_from import judge_image
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import CouldNotCheckError, ImageProbe
from tests.unit.grading.build import DOWN, fields, make_container, make_image, see

NGINX = make_image(id="sha256:4ad570f80b9c" + "0" * 52)


@pytest.mark.parametrize(
    ("found", "same"),
    [
        ("4ad570f80b9c", True),
        (NGINX.id, True),
        (NGINX.id.removeprefix("sha256:"), True),
        ("4ad570f80b9d", False),
        ("sha256:" + "ab" * 32, False),
    ],
)
def test_a_container_may_be_made_by_the_id_of_its_image(found, same):
    seen = see(make_container(image=found), more={ImageProbe("nginx"): NGINX})
    assert fields("container", seen, name="web", image="nginx") == (
        [] if same else ["image"]
    )
    gone = see(make_container(image=found))
    assert fields("container", gone, name="web", image="nginx") == ["image"]


def test_the_image_is_asked_for_only_where_an_id_stands_for_its_name():
    params = ContainerParams(name="web", image="nginx")
    assert ImageProbe("nginx") in list(probes(params))
    silent = see(more={ImageProbe("nginx"): DOWN})
    (finding,) = judge_image(params, make_container(image="busybox"), silent)
    assert finding.field == "image"
    with pytest.raises(CouldNotCheckError):
        list(judge_image(params, make_container(image="4ad570f80b9c"), silent))


@pytest.mark.parametrize(
    ("found", "good"),
    [
        ("nginx:1.25", True),
        ("docker.io/library/nginx:1.25", True),
        ("index.docker.io/library/nginx:1.25", True),
        ("library/nginx:1.25", True),
        ("team/nginx:1.25", False),
        ("nginx", False),
        ("4ad570f80b9c", False),
        ("sha256:" + "ab" * 32, False),
    ],
)
def test_a_pattern_is_for_the_name_as_people_write_it(found, good):
    seen = see(make_container(image=found))
    wanted = {"name": "web", "image_matches": r"nginx:1\.2[45]"}
    assert fields("container", seen, **wanted) == ([] if good else ["image_matches"])
