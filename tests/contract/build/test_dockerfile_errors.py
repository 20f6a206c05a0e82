"""What a real dockerd says of a Dockerfile that can't be, beside what we say.

Debian's dockerd is older than what we follow: it has no suggestions, says ``line`` for
``on line`` where it names one at all, and calls a flag ``chown`` that is ``--chown``
now. The reason is compared, to the letter but for case. (It hangs up on a file that
holds nothing but ARG: that one isn't asked.)
"""

import contextlib
import io
import re

import pytest
from docker.errors import APIError, BuildError

from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.stages import read_dockerfile
from tests.engines import Engine
from tests.unit.snapshots.tars import file, make_tar

_LINE = re.compile(
    r"^(?:failed to parse Dockerfile: )?dockerfile parse error line \d+: "
)


def said_by_dockerd(engine: Engine, text: str) -> str:
    context = make_tar(file("Dockerfile", text.encode()))
    client = engine.client()
    with contextlib.closing(client):
        try:
            for line in client.api.build(
                fileobj=io.BytesIO(context), custom_context=True, decode=True
            ):
                if "error" in line:
                    return str(line["error"])
        except (APIError, BuildError) as error:
            return str(getattr(error, "explanation", error))
    return ""


def said_by_us(text: str) -> str:
    with pytest.raises(DockerfileError) as caught:
        read_dockerfile(text)
    return re.sub(r" \(did you mean .*\?\)$", "", caught.value.reason)


def reason(said: str) -> str:
    found = _LINE.sub("", said).removeprefix("failed to parse Dockerfile: ")
    return found.replace(": --", ": ").lower()


@pytest.mark.parametrize(
    "text",
    [
        "\n",
        "# only a comment\n",
        "RUNN x\n",
        "FROM a\nFOO\n",
        "FROM a\nENV\n",
        "FROM a\nENV x\n",
        "FROM a\nENV a=b c\n",
        "FROM a\nENV =x\n",
        "FROM a\nLABEL\n",
        "FROM a\nLABEL x\n",
        "FROM\n",
        "FROM a b\n",
        "FROM a AS b c\n",
        "FROM a AS 1b\n",
        "FROM a AS b/c\n",
        "RUN x\n",
        "FROM a\nARG\n",
        "FROM a\nARG =x\n",
        "FROM a\nCOPY\n",
        "FROM a\nCOPY a\n",
        "FROM a\nADD a\n",
        "FROM a\nVOLUME\n",
        'FROM a\nVOLUME [""]\n',
        "FROM a\nEXPOSE\n",
        "FROM a\nUSER\n",
        "FROM a\nWORKDIR\n",
        "FROM a\nMAINTAINER\n",
        "FROM a\nSTOPSIGNAL\n",
        "FROM a\nSHELL a b\n",
        "FROM a\nSHELL\n",
        "FROM a\nSHELL []\n",
        "FROM a\nONBUILD\n",
        "FROM a\nONBUILD ONBUILD RUN x\n",
        "FROM a\nONBUILD FROM x\n",
        "FROM a\nONBUILD MAINTAINER x\n",
        "FROM a\nONBUILD ENV x\n",
        "FROM a\nHEALTHCHECK\n",
        "FROM a\nHEALTHCHECK FOO x\n",
        "FROM a\nHEALTHCHECK CMD\n",
        "FROM a\nHEALTHCHECK NONE x\n",
        "FROM a\nHEALTHCHECK --interval=soon CMD x\n",
        "FROM a\nHEALTHCHECK --interval=1us CMD x\n",
        "FROM a\nHEALTHCHECK --retries=x CMD x\n",
        "FROM a\nCMD [1]\n",
        "# escape=x\nFROM a\n",
        "# escape=`\n# escape=`\nFROM a\n",
        "FROM a\nCOPY --chown a b\n",
        "FROM a\nCOPY --chown=a --chown=b a b\n",
    ],
)
def test_the_reason_is_dockerds(real_dockerd: Engine, text: str) -> None:
    assert reason(said_by_us(text)) == reason(said_by_dockerd(real_dockerd, text))
