"""What can be set from outside, and what holds where nothing is set."""

from __future__ import annotations

from typing import Final

DATABASE_VARIABLE: Final = "YICHENG_DATABASE_URL"
ORGANISATION_VARIABLE: Final = "YICHENG_ORGANISATION"
LOCALE_VARIABLE: Final = "YICHENG_LOCALE"

DEBUG_VARIABLE: Final = "YICHENG_DEBUG"
"""Set to anything, it has a fault of the program itself told with its traceback."""

DEFAULT_DATABASE: Final = "sqlite:///var/yicheng.db"
