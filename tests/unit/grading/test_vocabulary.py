from pathlib import Path

from labkit.grading.checks.table import FAMILIES
from labkit.grading.vocabulary import vocabulary_page

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"


def test_the_published_page_is_up_to_date():
    assert PAGE.read_text("utf-8") == vocabulary_page(), (
        "run: python -m labkit.grading.vocabulary > docs/checks.md"
    )


def test_every_word_and_every_key_is_on_the_page():
    page = vocabulary_page()
    for word, family in FAMILIES.items():
        section = page.partition(f"### {word}\n")[2].partition("\n### ")[0]
        for name, field in family.params.model_fields.items():
            assert f"| `{field.alias or name}` |" in section
