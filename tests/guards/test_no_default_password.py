"""No door is open from the start: no password, key or token in code, data or documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.guards.documents import PACKAGES, ROOT

#: Something called a password, secret or token that is given a value in plain text.
GIVEN = re.compile(
    r"""(?ix) \b (?:[a-z_]*(?:password|passwd|secret|token|api_?key)) \b
        ["']? \s* (?::\s*(?:str|Final|Final\[str\])\s*)? [=:]
        \s* ["'] (?P<value>[^"'\s]{4,}) ["']"""
)
#: What is called so and opens nothing: reasons and kinds of events, names of files and variables,
#: codes of messages, expressions that say where in a request or an answer something stands.
HARMLESS = re.compile(
    r"YICHENG_[A-Z_]+|var/yicheng\.key|yct_…?|[a-z]+(?:_[a-z]+)+|identity\.[a-z_.]+|password|session"
    r"|\$(?:request|response)\.[a-z.#/0-9]+"
)
DEFAULTS = re.compile(r"""(?i)["'](?:admin(?:123)?|root|changeme|123456|p[a@]ssw0rd)["']\s*[,)]""")


def texts() -> list[Path]:
    folders = (*(ROOT / package for package in PACKAGES), ROOT / "docs")
    kinds = {".py", ".yaml", ".toml", ".sql", ".json", ".md"}
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in kinds]
    # Messages are words about passwords, under names of their own.
    spoken = {path for path in found if path.parent.name == "messages"}
    return [*(set(found) - spoken), ROOT / "Makefile", ROOT / "README.md"]


def suspicious(text: str) -> list[str]:
    given = [
        found["value"] for found in GIVEN.finditer(text) if not HARMLESS.fullmatch(found["value"])
    ]
    return [*given, *DEFAULTS.findall(text)]


def test_no_password_and_no_key_is_shipped() -> None:
    found = {
        str(path.relative_to(ROOT)): told
        for path in texts()
        if (told := suspicious(path.read_text("utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('PASSWORD = "Yicheng2026!"', True),
        ('secret: "abcd1234"', True),
        ('{"admin_password": "letMeIn9"}', True),
        ('DEFAULT_TOKEN: Final = "yct_AAAAAAAA"', True),
        ('create("operator", "changeme")', True),
        ('WRONG_PASSWORD = "wrong_password"', False),
        ('SECRET_VARIABLE: Final = "YICHENG_SECRET_FILE"', False),
        ("password = given.password", False),
    ],
)
def test_the_guard_sees_what_it_is_to_see(line: str, found: bool) -> None:
    assert bool(suspicious(line)) is found
