"""The signatures that a journal tells of, verified while it passes by, and whose keys they are.

Pure.  Each entry proves its signature by itself; only beside the others does it show that the text
signed upon is the one that was filed, that no signature stands twice, and that nobody's key is
another's.  Of each matter the newest text is remembered, of each signature its value.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from workflow.canonical import canonical
from workflow.journal import Flaw
from workflow.signing import Algorithm, Broken, entry_flaws

REVISE: Final = "revise_draft"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key with which an account signed, from the entry `first` to `last`, so many times.

    `fingerprint` is what whoever verifies compares with what they know from elsewhere.
    """

    account: str
    algorithm: str
    fingerprint: str
    first: int
    last: int
    count: int = 1


class Signers:
    """Watches the entries of a journal pass.

    `acts` are the commands that are signed; each done from the entry `since` on must be, and where
    that is not known from the first signature on.  `whole` is False for a part of a journal, which
    may sign upon a text that was filed before it.
    """

    def __init__(
        self,
        algorithms: Mapping[str, Algorithm],
        acts: Collection[str],
        since: int | None = None,
        *,
        whole: bool = True,
    ) -> None:
        self.unsigned = 0
        self._algorithms = algorithms
        self._acts = frozenset(acts)
        self._since = since
        self._whole = whole
        self._texts: dict[str, tuple[object, object]] = {}
        self._values: dict[str, int] = {}
        self._keys: dict[str, Signer] = {}
        self._newest: dict[str, str] = {}

    @property
    def signers(self) -> tuple[Signer, ...]:
        """Every key that signed, in the order of their first signatures."""
        return tuple(self._keys.values())

    def look(self, seq: int, told: Mapping[str, Any], body: str) -> Iterator[Flaw]:
        """Whatever is wrong with the signature of the next entry; `told` is what its body says."""
        if told.get("status") != "done":
            return
        command = told.get("command")
        signature = told.get("signature")
        if signature is not None:
            if self._since is None:
                self._since = seq
            found = tuple(dict.fromkeys(self._flaws(seq, told, signature, body)))
            yield from (Flaw(seq, f"signature_{each}") for each in found)
        elif isinstance(command, str) and command in self._acts:
            if self._since is not None and seq >= self._since:
                yield Flaw(seq, "unsigned")
            else:
                self.unsigned += 1
        if command == REVISE:
            self._file(told)

    def _flaws(
        self, seq: int, told: Mapping[str, Any], signature: object, body: str
    ) -> Iterator[Broken]:
        found = entry_flaws(told, self._algorithms)
        yield from found
        if not isinstance(signature, Mapping) or Broken.UNREADABLE in found:
            return
        # What reads in two ways (a name twice, a number otherwise written) was never signed.
        if canonical(told) != body:
            yield Broken.UNREADABLE
        if self._values.setdefault(signature["value"], seq) != seq:
            yield Broken.MOVED
        matter, draft = str(told["matter"]), signature["draft"]
        upon = draft["number"], draft["digest"]
        filed = self._texts.get(matter, (0, "") if self._whole else upon)
        if filed != upon:
            yield Broken.TEXT_EDITED
        yield from self._key(seq, str(told["actor"]), signature)

    def _key(self, seq: int, account: str, signature: Mapping[str, Any]) -> Iterable[Broken]:
        """A key belongs to one person, and is not taken up again once another followed on it."""
        named = signature["key"]
        known = self._keys.get(named)
        if known is None:
            self._keys[named] = Signer(account, signature["algorithm"], named, seq, seq)
        else:
            self._keys[named] = replace(known, last=seq, count=known.count + 1)
            if known.account != account or self._newest.get(account) != named:
                return (Broken.OTHER_KEY,)
        self._newest[account] = named
        return ()

    def _file(self, told: Mapping[str, Any]) -> None:
        payload = told.get("payload")
        if isinstance(payload, Mapping):
            text = payload.get("number"), payload.get("digest")
            self._texts[str(told.get("matter"))] = text
