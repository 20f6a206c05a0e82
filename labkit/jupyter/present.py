"""Hand something to the notebook: the one place that calls IPython's ``display``."""

from IPython.display import display


def present(value: object) -> None:
    """Show a value below the cell that runs."""
    display(value)  # type: ignore[no-untyped-call]  # IPython is typed in parts
