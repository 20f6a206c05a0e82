import io

from rich.console import Console

from labkit.cli.layers import print_layers, to_json
from labkit.layers.compare import describe_image, describe_saving
from labkit.layers.model import File, Layer, SavedImage, Step

LOW = Layer({"big": File(2_000_000, "big"), "a": File(30, "a")})
HIGH = Layer({"a": File(40, "A")}, frozenset({"big"}))
IMAGE = SavedImage(
    "sha256:1",
    (
        Step("ADD rootfs", LOW, "sha256:2"),
        Step('CMD ["sh"]'),
        Step("/bin/sh -c rm /big", HIGH, "sha256:3"),
    ),
)


def test_without_an_engine_there_is_no_image(terminal):
    said = terminal.run("layers", "app")
    assert said.code == 2
    assert said.err.startswith("labkit: no engine answers")


def test_prints_a_row_for_each_step():
    stream = io.StringIO()
    builder = SavedImage("sha256:4", (Step("", LOW, "sha256:5"),))
    report = describe_image("app", IMAGE)
    copying = SavedImage("sha256:1", (Step("COPY", LOW, "sha256:2"),))
    saving = describe_saving("app:builder", builder, copying)
    print_layers(Console(file=stream, width=78, color_system=None), report, saving)
    lines = [" ".join(line.split()) for line in stream.getvalue().splitlines()]
    assert lines == [
        "# Instruction Size Added Changed Removed Wasted",
        "1 ADD rootfs 2MB 2 2MB",
        '2 CMD ["sh"]',
        "3 RUN rm /big 40B 1 1",
        "",
        "app: 2 layers, 2MB, of which 2MB can't be seen",
        "2MB /big: in layer 1, hidden by 3",
        "30B /a: in layer 1, hidden by 3",
        "",
        "Built in app:builder (2MB): 2 files, 2MB, come from there;",
        "the image has 2MB, 0B (0%) less",
    ]


def test_keeps_all_columns_on_a_narrow_terminal():
    stream = io.StringIO()
    step = Step(f"RUN {'x' * 200}", LOW, "sha256:2")
    report = describe_image("app", SavedImage("sha256:1", (step,)))
    print_layers(Console(file=stream, width=80, color_system=None), report, None)
    title, row = stream.getvalue().splitlines()[:2]
    assert title.split() == ["#", "Instruction", "Size", "Added", "Changed",
                             "Removed", "Wasted"]  # fmt: skip
    assert row.startswith("1  RUN xxxx")
    assert "…  " in row


def test_tells_programs_the_same():
    report = describe_image("app", IMAGE)
    document = to_json(report, None)
    assert document["wasted_bytes"] == 2_000_030
    assert document["layers"][2]["removed"] == ("big",)
    assert "saving" not in document
    saving = describe_saving("b", IMAGE, IMAGE)
    assert to_json(report, saving)["saving"]["saved_bytes"] == 0
