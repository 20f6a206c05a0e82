from labkit.base.content import content_root


def test_finds_the_book() -> None:
    assert (content_root() / "book").is_dir()
