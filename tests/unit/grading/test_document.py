from labkit.base.home import content_folder
from labkit.grading.checks.table import FAMILIES
from labkit.grading.document import CHECK_MODELS, schema, schema_text


def test_the_published_schema_is_up_to_date():
    published = (content_folder("exercises") / "schema.json").read_text("utf-8")
    assert published == schema_text(), (
        "run: python -m labkit.grading.document > exercises/schema.json"
    )


def test_every_family_has_a_model_and_is_in_the_schema():
    assert set(CHECK_MODELS) == set(FAMILIES)
    names = {entry["$ref"].rpartition("/")[2] for entry in _check_choices()}
    assert names == {model.__name__ for model in CHECK_MODELS.values()}


def test_the_schema_lets_a_placeholder_stand_for_a_port():
    port = schema()["$defs"]["HttpParams"]["properties"]["port"]
    assert {"type": "string", "pattern": r"^\$\{[a-z][a-z0-9_]*\}$"} in port["anyOf"]


def _check_choices():
    return schema()["properties"]["checks"]["items"]["anyOf"]
