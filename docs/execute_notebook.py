"""Run the notebook docs/first-steps.ipynb and keep what it shows in it: python docs/execute_notebook.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

DOCS = Path(__file__).parent
NOTEBOOK = DOCS / "first-steps.ipynb"


def executed(path: Path = NOTEBOOK) -> Any:
    """Return a notebook after running it in the folder above docs; an error in a cell is raised."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=1200, resources={"metadata": {"path": str(DOCS.parent)}}).execute()
    for cell in notebook.cells:
        cell.get("metadata", {}).pop("execution", None)  # when each cell ran
    notebook.metadata.pop("language_info", None)  # the version of the Python at hand
    return notebook


if __name__ == "__main__":
    nbformat.write(executed(), NOTEBOOK)
