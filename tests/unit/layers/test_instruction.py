"""labkit.layers.instruction: both builders' histories give the same line."""

import pytest

from labkit.layers.instruction import instruction_of


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        ('/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'),
        ("/bin/sh -c #(nop) COPY dir:1 in /app ", "COPY dir:1 in /app"),
        (f"/bin/sh -c #(nop) COPY file:{'ab' * 32} in /", "COPY file:abababab… in /"),
        ("/bin/sh -c npm ci", "RUN npm ci"),
        ("RUN /bin/sh -c npm ci # buildkit", "RUN npm ci"),
        ("|1 V=1 /bin/sh -c make", "RUN make"),
        ("RUN |2 A=1 B=x y /bin/sh -c make # buildkit", "RUN make"),
        ("COPY . . # buildkit", "COPY . ."),
        ("RUN /bin/sh -c a \\\n   && b # buildkit", "RUN a \\ && b"),
        ("labkit layer base", "labkit layer base"),
        ("", ""),
    ],
)
def test_finds_the_line_of_the_dockerfile(created_by: str, instruction: str) -> None:
    assert instruction_of(created_by) == instruction
