from labkit.docker_cli.image.summary import IMAGES, is_dangling, rows_of

IMAGE = {
    "Id": "sha256:" + "a1" * 32,
    "RepoTags": ["app:1", "app:2"],
    "RepoDigests": ["app@sha256:x"],
    "Created": 0,
    "Size": 1984240,
    "SharedSize": -1,
    "Containers": -1,
}


def test_a_row_a_tag_and_digests_where_they_are_asked_for():
    rows = rows_of([IMAGE], with_digests=False)
    assert [(r["Repository"], r["Tag"], r["Digest"]) for r in rows] == [
        ("app", "1", "<none>"),
        ("app", "2", "<none>"),
    ]
    assert rows_of([IMAGE], with_digests=True)[0]["Digest"] == "sha256:x"


def test_what_has_no_name_has_one_row():
    nameless = {**IMAGE, "RepoTags": [], "RepoDigests": []}
    assert is_dangling(nameless)
    assert rows_of([nameless], False)[0]["Repository"] == "<none>"
    only_digest = {**IMAGE, "RepoTags": None}
    (row,) = rows_of([only_digest], False)
    assert (row["Repository"], row["Tag"]) == ("app", "<none>")


def test_tells_what_templates_ask():
    (row,) = rows_of([{**IMAGE, "RepoTags": ["app:1"]}], False)
    assert IMAGES.fields["ID"](row, True) == "a1" * 6
    assert IMAGES.fields["Size"](row, True) == "1.98MB"
    assert IMAGES.fields["SharedSize"](row, True) == "N/A"
    shared = {**row, "SharedSize": 1000, "Containers": 2}
    assert IMAGES.fields["UniqueSize"](shared, True) == "1.983MB"
    assert IMAGES.fields["Containers"](shared, True) == "2"
