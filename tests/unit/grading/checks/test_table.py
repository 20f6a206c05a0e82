from labkit.grading.checks.table import FAMILIES

EXAMPLES = {
    "container": {"name": "web"},
    "network": {"name": "net"},
    "resolves": {"from": "tool", "name": "web"},
    "answers": {"from": "tool", "host": "web", "port": 80},
    "http": {"port": 80},
    "file": {"container": "web", "path": "/x"},
    "logs": {"container": "web", "contains": "x"},
    "command": {"container": "web", "run": ["true"]},
    "volume": {"name": "data"},
    "image": {"name": "app"},
    "registry": {"port": 5000, "repository": "tools/box", "tag": "1"},
    "kernel": {"container": "web"},
    "absent": {"containers": ["web"]},
}


def test_every_family_declares_probes_and_a_sentence():
    assert set(EXAMPLES) == set(FAMILIES)
    for word, example in EXAMPLES.items():
        params = FAMILIES[word].params.model_validate(example)
        assert list(FAMILIES[word].probes(params)), word
        assert FAMILIES[word].sentence(params), word


def test_a_family_is_found_by_its_own_word():
    assert all(family.word == word for word, family in FAMILIES.items())
