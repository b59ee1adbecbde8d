"""What a new password must be, told all at once. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from api.identity.guessable import shipped
from api.identity.policy import Policy
from workflow.catalogue import Said

#: The classes of signs: small and capital letters, digits, and everything else.
_CLASSES: Final = (str.islower, str.isupper, str.isdigit)


def as_typed(password: str) -> str:
    """A password in the one form in which it is kept, however a keyboard composed its signs."""
    return unicodedata.normalize("NFKC", password)


def classes_of(password: str) -> int:
    """How many of the four classes of signs a password has; signs without case are the fourth."""
    found = {next((kind for kind in _CLASSES if kind(sign)), None) for sign in password}
    return len(found)


def complaints(
    password: str, name: str, policy: Policy, organisation: Sequence[str] = ()
) -> list[Said]:
    """Everything that is wrong with a password (as typed) for the account of that name.

    `organisation` are the names of the organisation, of which no password is made either.
    """
    found = []
    if len(password) < policy.password_length:
        found.append(Said("identity.password.short", {"least": policy.password_length}))
    if len(password) > policy.password_longest:
        found.append(Said("identity.password.long", {"most": policy.password_longest}))
    if classes_of(password) < policy.password_classes:
        found.append(Said("identity.password.classes", {"least": policy.password_classes}))
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in password):
        found.append(Said("identity.password.control"))
    if _holds_name(password, name):
        found.append(Said("identity.password.name"))
    rules = shipped()
    if rules.left(password, (name, *organisation)) < rules.rules.least_left:
        found.append(Said("identity.password.guessable", {"least": rules.rules.least_left}))
    if len(set(password)) <= min(len(password), policy.password_length) // 2:
        found.append(Said("identity.password.repeats"))
    return found


def _holds_name(password: str, name: str) -> bool:
    """Whether the name of the account stands in it, forwards or backwards, in any case."""
    plain, called = password.casefold(), name.casefold()
    return bool(called) and (called in plain or called[::-1] in plain)
