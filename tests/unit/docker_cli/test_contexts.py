import pytest

from labkit.docker_cli.config import Config
from labkit.docker_cli.contexts import (
    Context,
    check_name,
    check_new,
    load,
    load_all,
    remove,
    save,
)
from labkit.docker_cli.errors import CliError


def test_what_is_saved_is_found_again_until_it_is_removed(tmp_path):
    config = Config(str(tmp_path))
    save(config, Context("lab", "unix:///x.sock", "The lab"))
    save(config, Context("box", "tcp://box:2375"))
    found = load(config, "lab")
    assert (found.host, found.description) == ("unix:///x.sock", "The lab")
    assert [context.name for context in load_all(config)] == ["box", "lab"]
    remove(config, "lab")
    with pytest.raises(CliError, match='context "lab": context not found'):
        load(config, "lab")


@pytest.mark.parametrize("name", ["", "default", "a b", "-x", "a/b"])
def test_refuses_names_that_cannot_be(name):
    with pytest.raises(CliError):
        check_name(name)


def test_takes_names_that_can():
    check_name("my-lab_2.0")


def test_a_name_is_taken_once(tmp_path):
    config = Config(str(tmp_path))
    check_new(config, "lab")
    save(config, Context("lab", "unix:///x.sock"))
    next(tmp_path.glob("contexts/meta/*/meta.json")).write_text("{")
    with pytest.raises(CliError, match='context "lab" already exists'):
        check_new(config, "lab")  # also one that nobody can read
