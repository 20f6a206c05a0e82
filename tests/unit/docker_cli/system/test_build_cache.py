from labkit.docker_cli.system.build_cache import BUILD_CACHE


def test_tells_what_a_record_is():
    item = {
        "ID": "abcdefghijklmnop",
        "Type": "regular",
        "Size": 1000,
        "CreatedAt": "1970-01-01T00:00:00Z",
        "LastUsedAt": None,
        "UsageCount": 2,
        "InUse": True,
        "Shared": False,
    }
    told = {name: field(item, True) for name, field in BUILD_CACHE.fields.items()}
    assert told["ID"] == "abcdefghijkl*"
    assert (told["Size"], told["Shared"], told["LastUsedSince"]) == ("1kB", "false", "")
    assert told["CreatedSince"].endswith("years ago")
