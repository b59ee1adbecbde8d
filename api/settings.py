"""What can be set from outside, and what holds where nothing is set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from workflow.errors import BadInput

DATABASE_VARIABLE: Final = "YICHENG_DATABASE_URL"
ORGANISATION_VARIABLE: Final = "YICHENG_ORGANISATION"
LOCALE_VARIABLE: Final = "YICHENG_LOCALE"

PROCEDURES_VARIABLE: Final = "YICHENG_PROCEDURES"
"""Folders of definitions of one's own besides the shipped ones, parted as in PATH."""

DEBUG_VARIABLE: Final = "YICHENG_DEBUG"
"""Set to anything, it has a fault of the program itself told with its traceback."""

DEFAULT_DATABASE: Final = "sqlite:///var/yicheng.db"


def procedure_folders() -> tuple[Path, ...]:
    """The folders with definitions of one's own.  Raises BadInput for one that is not there."""
    named = os.environ.get(PROCEDURES_VARIABLE, "").split(os.pathsep)
    folders = tuple(Path(each.strip()) for each in named if each.strip())
    for folder in folders:
        if not folder.is_dir():
            raise BadInput("settings.no_folder", folder=str(folder), variable=PROCEDURES_VARIABLE)
    return folders
