from labkit.course.suggest import suggest


def test_names_what_is_near() -> None:
    assert suggest("stepp", ["step", "note"]) == " (did you mean step?)"


def test_lists_what_is_known_if_nothing_is_near() -> None:
    assert suggest("zzz", ["step", "note"]) == " (known: note, step)"


def test_says_nothing_if_nothing_is_known() -> None:
    assert suggest("zzz", []) == ""
