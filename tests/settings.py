"""No settings of whoever runs this: keys and files in a folder of its own, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from api.settings import CHECKPOINT_KEY_VARIABLE, FILES_VARIABLE, SECRET_VARIABLE

SERVER_VARIABLE = "YICHENG_TEST_DATABASE_URL"


@contextmanager
def own_settings(folder: Path) -> Iterator[None]:
    """For as long as the block lasts, and for the processes that are started in it."""
    others = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("YICHENG_") or name == SERVER_VARIABLE
    }
    own = {
        SECRET_VARIABLE: "key",
        CHECKPOINT_KEY_VARIABLE: "checkpoint.key",
        FILES_VARIABLE: "files",
    }
    places = {name: str(folder / place) for name, place in own.items()}
    with patch.dict("os.environ", others | places, clear=True):
        yield
