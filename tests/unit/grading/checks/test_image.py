import pytest

from labkit.grading.probes import ImageProbe, ImageTextProbe, Text
from tests.unit.grading.build import fields, find, make_image, see


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        ("labels", {"team": "red"}, {"team": "blue"}),
        ("user", "app", "root"),
        ("max_size", "10m", "9m"),
        ("max_layers", 3, 2),
        ("env", {"MODE": 1}, {"MODE": "2"}),
        ("without_env", ["VERSION"], ["MODE"]),
        ("ports", ["80/tcp"], ["81/tcp"]),
        ("entrypoint", ["app"], ["/bin/sh", "-c", "app"]),
        ("cmd", ["all"], []),
        ("workdir", "/app", "/"),
        ("health_check", True, False),
    ],
)
def test_an_image_is_looked_at_as_asked(setting, good, bad):
    image = make_image(
        env={"MODE": "1"},
        ports=frozenset({"80/tcp"}),
        entrypoint=("app",),
        cmd=("all",),
        workdir="/app",
        has_health_check=True,
    )
    seen = see(more={ImageProbe("app"): image})
    assert fields("image", seen, name="app", **{setting: good}) == []
    assert len(fields("image", seen, name="app", **{setting: bad})) == 1
    assert fields("image", see(), name="app") == ["name"]


def test_the_user_of_an_image_may_have_any_group():
    seen = see(more={ImageProbe("app"): make_image(user="app:staff")})
    assert fields("image", seen, name="app", user="app") == []
    assert fields("image", seen, name="app", user="app:wheel") == ["user"]


def test_two_names_of_one_image():
    one, other = make_image(), make_image(id="sha256:" + "cd" * 32)
    answers = {ImageProbe("app"): one, ImageProbe("a"): one, ImageProbe("b"): other}
    assert fields("image", see(more=answers), name="app", same_as="a") == []
    assert fields("image", see(more=answers), name="app", same_as="b") == ["same_as"]
    assert fields("image", see(more=answers), name="app", same_as="c") == ["same_as"]


def test_a_text_that_no_layer_may_hold():
    seen = {ImageProbe("app"): make_image()}
    probe = ImageTextProbe("app", "s3cret")
    clean, leaking = seen | {probe: Text("")}, seen | {probe: Text("/key of a layer")}
    assert fields("image", see(more=clean), name="app", without="s3cret") == []
    (finding,) = find("image", see(more=leaking), name="app", without="s3cret")
    assert (finding.field, finding.found) == ("without", "it is in /key of a layer")


def test_layers_that_came_from_the_cache_are_the_same():
    first = make_image(layer_ids=("base", "install", "source"))
    again = make_image(layer_ids=("base", "install", "changed", "built"))
    seen = see(more={ImageProbe("app:1"): first, ImageProbe("app:2"): again})
    asked = {"name": "app:2", "layers_of": "app:1"}
    assert fields("image", seen, **asked, new_layers=2) == []
    (finding,) = find("image", seen, **asked, new_layers=1)
    assert finding.found == "2 layers were made anew"
    alone = see(more={ImageProbe("app:2"): again, ImageProbe("app:1"): None})
    assert fields("image", alone, **asked, new_layers=2) == ["layers_of"]


def test_an_images_health_check_must_be_one_that_asks():
    wanted = {"name": "app", "health_matches": "wget|curl"}
    asks = make_image(health_test=("CMD", "wget", "http://127.0.0.1:8080/"))
    idle = make_image(health_test=("CMD-SHELL", "true"))
    assert fields("image", see(more={ImageProbe("app"): asks}), **wanted) == []
    for image in (idle, make_image()):
        seen = see(more={ImageProbe("app"): image})
        assert fields("image", seen, **wanted) == ["health_matches"]
