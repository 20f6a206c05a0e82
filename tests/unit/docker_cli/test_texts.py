from labkit.docker_cli import texts


def test_shortens_ids_with_and_without_their_algorithm():
    assert texts.short_id("sha256:" + "a1" * 32) == "a1" * 6
    assert texts.short_id("b2" * 32) == "b2" * 6


def test_cuts_long_texts_with_one_letter_for_the_rest():
    assert texts.ellipsis("short", 10) == "short"
    assert texts.ellipsis("rather long", 6) == "rathe…"


def test_sorts_numbers_in_names_by_what_they_count():
    assert sorted(["web10", "web2", "api"], key=texts.natural) == [
        "api",
        "web2",
        "web10",
    ]


def test_reads_pairs_and_joins_labels():
    assert texts.pairs_map(["a=1", "b", "c=x=y"]) == {"a": "1", "b": "", "c": "x=y"}
    assert texts.joined_labels({"b": "2", "a": "1"}) == "a=1,b=2"
    assert texts.joined_labels(None) == ""
    assert texts.label_of({"Labels": {"a": "1"}}, "a") == "1"
    assert texts.label_of({"Labels": None}, "a") == ""
