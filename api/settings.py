"""What can be set from outside, and what holds where nothing is set."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from workflow.canonical import SHA256, check_algorithm
from workflow.errors import BadInput

DATABASE_VARIABLE: Final = "YICHENG_DATABASE_URL"
ORGANISATION_VARIABLE: Final = "YICHENG_ORGANISATION"
LOCALE_VARIABLE: Final = "YICHENG_LOCALE"

PROCEDURES_VARIABLE: Final = "YICHENG_PROCEDURES"
"""Folders of definitions of one's own besides the shipped ones, parted as in PATH."""

DEBUG_VARIABLE: Final = "YICHENG_DEBUG"
"""Set to anything, it has a fault of the program itself told with its traceback."""

POLICY_VARIABLE: Final = "YICHENG_IDENTITY_POLICY"
"""A file of one's own with numbers of the identity policy that differ from the shipped ones."""

SECRET_VARIABLE: Final = "YICHENG_SECRET_FILE"  # noqa: S105 (the name of a variable)
"""The key that second factors are sealed with; outside the database, and not in its backups."""

PROVIDER_VARIABLE: Final = "YICHENG_OIDC_FILE"
"""The identity provider (OpenID Connect) of an organisation, where it has one."""

ADDRESS_VARIABLE: Final = "YICHENG_ADDRESS"
"""Under which address the program is reached by a browser: scheme, host and port."""

PROXIES_VARIABLE: Final = "YICHENG_TRUSTED_PROXIES"
"""The proxies in front of the program, as addresses or networks parted by commas."""

CHECKPOINT_KEY_VARIABLE: Final = "YICHENG_CHECKPOINT_KEY"
"""The key that checkpoints of the journal are signed with; the list of them lies beside it."""

RECORD_POLICY_VARIABLE: Final = "YICHENG_RECORD_POLICY"
"""A file of one's own that says how often checkpoints are made."""

DIGEST_VARIABLE: Final = "YICHENG_DIGEST"
"""By what the digests of new entries and texts are made: `sha256` or `sm3`."""

POSTGRESQL_TOOLS_VARIABLE: Final = "YICHENG_POSTGRESQL_TOOLS"
"""The folder of pg_dump and pg_restore, where the first on the PATH are not the right ones."""

DEFAULT_CHECKPOINT_KEY: Final = "var/yicheng-checkpoint.key"

FILES_VARIABLE: Final = "YICHENG_FILES"
"""The folder in which files are kept; back it up together with the database."""

FILE_LIMITS_VARIABLE: Final = "YICHENG_FILE_LIMITS"
"""A file of one's own with limits of files, in place of the shipped one."""

#: A file of one's own with the rates of the door, in place of the shipped one.
RATES_VARIABLE: Final = "YICHENG_RATES"

#: A folder with rules of notices of one's own, and `templates` that go before those shipped.
NOTICES_VARIABLE: Final = "YICHENG_NOTICES"

#: `off` where a serving process is to leave the sweep and the housekeeping to others.
SCHEDULER_VARIABLE: Final = "YICHENG_SCHEDULER"

CHANNELS_VARIABLE: Final = "YICHENG_CHANNELS"
"""The file of the channels on which notices go out; without it they stand in inboxes only."""

DELIVERY_POLICY_VARIABLE: Final = "YICHENG_DELIVERY_POLICY"
"""A file of one's own that says when notices go out and how often they are tried."""

DEFAULT_FILES: Final = "var/files"
DEFAULT_SECRET: Final = "var/yicheng.key"  # noqa: S105 (the name of a file)
DEFAULT_ADDRESS: Final = "http://127.0.0.1:8000"
DEFAULT_DATABASE: Final = "sqlite:///var/yicheng.db"


def has_database(url: str) -> bool:
    """Whether an address names a database that is there to be opened, as far as a file tells."""
    kind, _, place = url.partition(":///")
    return kind != "sqlite" or Path(place).is_file()


def procedure_folders() -> tuple[Path, ...]:
    """The folders with definitions of one's own.  Raises BadInput for one that is not there."""
    named = os.environ.get(PROCEDURES_VARIABLE, "").split(os.pathsep)
    folders = tuple(Path(each.strip()) for each in named if each.strip())
    for folder in folders:
        if not folder.is_dir():
            raise BadInput("settings.no_folder", folder=str(folder), variable=PROCEDURES_VARIABLE)
    return folders


def secret_file() -> Path:
    """The file of the key."""
    return Path(os.environ.get(SECRET_VARIABLE) or DEFAULT_SECRET)


def checkpoint_key_file() -> Path:
    """The file of the key that checkpoints are signed with."""
    return Path(os.environ.get(CHECKPOINT_KEY_VARIABLE) or DEFAULT_CHECKPOINT_KEY)


def record_policy_file() -> Path | None:
    """The file that says how often checkpoints are made, None where the shipped one holds."""
    return _file(RECORD_POLICY_VARIABLE)


def files_folder() -> Path:
    """The folder of the papers."""
    return Path(os.environ.get(FILES_VARIABLE) or DEFAULT_FILES)


def postgresql_tools() -> Path | None:
    """The folder of PostgreSQL's tools, None for those on the PATH."""
    return _file(POSTGRESQL_TOOLS_VARIABLE)


def digest_algorithm() -> str:
    """By what new digests are made.  Raises StoreTrouble where the platform cannot."""
    named = os.environ.get(DIGEST_VARIABLE) or SHA256
    check_algorithm(named)
    return named


def policy_file() -> Path | None:
    """The file of identity numbers of one's own, None where there is none."""
    return _file(POLICY_VARIABLE)


def file_limits() -> Path | None:
    """The file of limits of one's own, None where there is none."""
    return _file(FILE_LIMITS_VARIABLE)


def channels_file() -> Path | None:
    """The file of the channels, None where there are none."""
    return _file(CHANNELS_VARIABLE)


def delivery_policy_file() -> Path | None:
    """The file of one's own on delivering, None where the shipped one holds."""
    return _file(DELIVERY_POLICY_VARIABLE)


def notices_folder() -> Path | None:
    """A folder with rules of notices and templates of one's own, None where there is none.

    Raises BadInput for one that is not there.
    """
    named = os.environ.get(NOTICES_VARIABLE)
    if not named:
        return None
    if not Path(named).is_dir():
        raise BadInput("settings.no_folder", folder=named, variable=NOTICES_VARIABLE)
    return Path(named)


def schedules() -> bool:
    """Whether a serving process looks at what is due; it does unless told not to."""
    return os.environ.get(SCHEDULER_VARIABLE) != "off"


def provider_file() -> Path | None:
    """The file of the identity provider, None where there is none."""
    return _file(PROVIDER_VARIABLE)


def address(otherwise: str = DEFAULT_ADDRESS) -> str:
    """Where a browser finds the program, without a slash at the end; `otherwise` if nobody said."""
    return (os.environ.get(ADDRESS_VARIABLE) or otherwise).rstrip("/")


def _file(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None
