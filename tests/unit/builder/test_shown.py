"""What BuildKit's progress calls a step."""

import pytest

from labkit.builder.model import StepStarted
from labkit.builder.shown import shown_name
from labkit.dockerfile.interpret import interpret
from labkit.dockerfile.parser import parse_dockerfile
from tests.unit.builder.workshop import Workshop

VARIABLES = {"JAR": "app.jar", "HOME_OF": "/srv", "TOKEN": "seen"}


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("COPY ${JAR} $HOME_OF/$JAR", "COPY app.jar /srv/app.jar"),
        ("copy a b", "COPY a b"),
        ('COPY ["a b", "$JAR"]', "COPY [a b, app.jar]"),
        ("COPY $NONE/a /", "COPY /a /"),
        ("WORKDIR $HOME_OF/x", "WORKDIR /srv/x"),
        ("ADD --chown=$JAR a '$JAR'", "ADD --chown=app.jar a $JAR"),
        ("RUN echo \"$JAR\" '$JAR' $NONE", "RUN echo \"app.jar\" '$JAR' $NONE"),
        ('RUN ["echo", "$JAR"]', 'RUN ["echo", "app.jar"]'),
        ("RUN echo ${NONE:-x} ${JAR%.*}", "RUN echo ${NONE:-x} app"),
        ("RUN <<EOF\necho $JAR\nmore\nEOF\n", "RUN <<EOF (echo app.jar...)"),
        ("RUN <<EOF\necho\nEOF\n", "RUN <<EOF (echo)"),
        ("RUN <<EOF\nEOF\n", "RUN <<EOF ()"),
        ("RUN cat <<EOF\nx\nEOF\n", "RUN cat <<EOF"),
        (
            "RUN --mount=type=secret,id=t,env=TOKEN echo $TOKEN",
            "RUN --mount=type=secret,id=t,env=TOKEN echo ****",
        ),
        ("RUN --mount=type=tmpfs,target=/x $TOKEN", None),
        ("run echo 'not closed $JAR", "RUN echo 'not closed $JAR"),
        ("RUN --mount=type=$NONE,x=y $JAR", "RUN --mount=type=$NONE,x=y $JAR"),
    ],
)
def test_a_step_has_its_variables_in_its_name(line: str, name: str | None) -> None:
    (node,) = parse_dockerfile(line).nodes
    expected = name or "RUN --mount=type=tmpfs,target=/x seen"
    assert shown_name(interpret(node), VARIABLES, "\\") == expected


def test_steps_are_told_under_these_names(shop: Workshop) -> None:
    shop.write("a.jar", "a")
    shop.build(
        "FROM base",
        "ARG JAR=a.jar",
        "ENV TO=/srv",
        "COPY $JAR $TO/",
        "ENV TO=/other",
        "WORKDIR $TO",
        "RUN x $TO $UNSET",
    )
    told = [one.step.shown for one in shop.events if isinstance(one, StepStarted)]
    assert told == [
        "FROM base",
        *("", "", "COPY a.jar /srv/", "", "WORKDIR /other", "RUN x /other $UNSET"),
    ]
