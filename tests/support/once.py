"""What is dear to make is made once in a test run, by whichever worker needs it first."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that all workers of this run share. They only read it.

    Args:
        temporary: pytest's factory of temporary folders.
        name: the folder's name, unique in the run.
        make: fills the empty folder; called by one worker while the others wait.
    """
    base = temporary.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, marker = shared / name, shared / f"{name}.done"
    with FileLock(shared / f"{name}.lock"):
        if not marker.exists():
            folder.mkdir()
            make(folder)
            marker.touch()
    return folder
