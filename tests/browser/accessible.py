"""What axe finds wrong with a page: the faults that keep somebody from using it."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_SERIOUS = ("serious", "critical")


def serious_faults(page: Page, *places: str) -> Sequence[str]:
    """Name each serious fault and the first node that has it.

    ``places`` are selectors of what to look at, such as our own parts of JupyterLab;
    without any, the whole page is looked at.
    """
    context = {"include": [[place] for place in places]} if places else None
    found = Axe().run(page, context).response["violations"]
    return [
        f"{fault['id']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in _SERIOUS
    ]
