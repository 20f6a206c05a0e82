from labkit.docker_cli.tables import Heads, Row, Subject, align

SUBJECT = Subject(
    "formatter.Thing",
    {"Name": ("NAME", lambda t, cut: t["n"][:3] if cut else t["n"])},
    {"Label": lambda t, name: t["l"].get(name, "")},
)


def test_columns_are_as_wide_as_their_widest_cell_and_three():
    assert align("A\tB\tC\nlong-cell-here\tx\ty\n") == (
        "A                B         C\nlong-cell-here   x         y\n"
    )


def test_a_column_ends_where_a_line_has_no_such_cell():
    assert align("a\tb\nplain\nc\td\n", least=3, padding=1) == "a  b\nplain\nc  d\n"


def test_a_row_tells_what_its_subject_can():
    row = Row(SUBJECT, {"n": "long", "l": {"a": "1"}}, True)
    assert row.get("Name") == "lon"
    assert row.call("Label", "a") == "1"
    assert row.as_json() == {"Name": "lon"}


def test_heads_stand_for_a_row():
    heads = Heads(SUBJECT)
    assert heads.get("Name") == "NAME"
    assert heads.call("Label", "com.example.my-label") == "my label"
