from labkit.grading.checks.model import listed


def test_lists_names_for_a_person():
    assert listed(["b", "a"]) == "a, b"
    assert listed([]) == "none"
