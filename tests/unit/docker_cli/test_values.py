import pytest

from labkit.docker_cli import values


def test_reads_each_kind():
    assert values.read_bool("T")
    assert values.read_bool("0") is False
    assert values.read_int("-5") == -5
    assert values.read_uint16("65535") == 65535
    assert values.read_bytes("-1") == -1
    assert values.read_bytes("1k") == 1024
    assert values.read_cpus("1.5") == 1500000000
    assert values.read_cpus("0.000000001") == 1
    assert values.read_csv("a,b") == ["a", "b"]
    assert values.read_pairs("a=b,c") == ["a=b,c"]
    assert values.read_pairs("a=b,c=d") == ["a=b", "c=d"]
    assert values.read_filter(" Name =x=y ") == ["name=x=y"]
    assert values.read_filter("") == []


@pytest.mark.parametrize(
    ("reader", "text", "said"),
    [
        (values.read_int, "9" * 20, "value out of range"),
        (values.read_int, "1_0", "invalid syntax"),
        (values.read_uint16, "65536", "value out of range"),
        (values.read_uint, "-1", 'strconv.ParseUint: parsing "-1": invalid syntax'),
        (values.read_pairs, "x", "x must be formatted as key=value"),
        (values.read_cpus, "x", "failed to parse x as a rational number"),
        (values.read_cpus, "0.0000000001", "value is too precise"),
    ],
)
def test_refuses_what_is_none(reader, text, said):
    with pytest.raises(ValueError, match=said):
        reader(text)
