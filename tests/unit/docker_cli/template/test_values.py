from labkit.docker_cli.template.values import (
    ABSENT,
    NilList,
    NilMap,
    NilPointer,
    Struct,
    is_true,
    plain,
    type_name,
)


def test_what_is_empty_is_false():
    for value in (None, ABSENT, NilPointer("*x"), 0, "", [], {}, False):
        assert not is_true(value)
    for value in (1, "a", [0], {"a": 0}, Struct(), True):
        assert is_true(value)


def test_names_types_as_go():
    assert type_name(1) == "int"
    assert type_name("a") == "string"
    assert type_name(True) == "bool"
    assert type_name(1.5) == "float64"
    assert type_name(["a"]) == "[]string"
    assert type_name({}) == "map[string]interface {}"
    assert type_name(None) == "interface {}"


def test_goes_back_to_plain_json():
    value = Struct(ID="x", L=NilList(), M=NilMap(), P=NilPointer("*x"), A=[ABSENT])
    assert plain(value) == {"Id": "x", "L": None, "M": None, "P": None, "A": [None]}
