"""The doctor's words."""

from pathlib import Path

from labkit.daemon.checkup import Checkup
from labkit.daemon.doctor_text import to_document, to_text
from labkit.kernel.probe.child import Outcome
from labkit.kernel.probe.model import Finding

CHECKUP = Checkup(
    "degraded",
    True,
    "containers run",
    Path("/data"),
    {"kernel": "6.1", "user": "0"},
    (
        Finding("overlay", "mount one", "must", Outcome(True)),
        Finding("disk", "look", "should", Outcome(True, "", "9 GiB free")),
        Finding(
            "nat",
            "add a rule",
            "should",
            Outcome(False, "ENOENT", "no such file"),
            "no way out",
            "load nf_tables",
        ),
    ),
)

TABLE = """\
kernel 6.1, user 0

ok    overlay  mount one
ok    disk     9 GiB free
warn  nat      add a rule: no such file
               means: no way out
               remedy: load nf_tables

mode: degraded. containers run"""


def test_the_table() -> None:
    assert to_text(CHECKUP) == TABLE


def test_the_document() -> None:
    document = to_document(CHECKUP)
    assert document["mode"] == "degraded"
    assert document["findings"][2] == {
        "name": "nat",
        "tried": "add a rule",
        "need": "should",
        "consequence": "no way out",
        "remedy": "load nf_tables",
        "ok": False,
        "errno": "ENOENT",
        "reason": "no such file",
    }
