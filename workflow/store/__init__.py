"""Every query of the engine. Speaks to one connection; begins and ends no transaction.

One room for each subject; `Store` is all of them over one connection, `Sighted` the same as one
person is to see it.
"""

from __future__ import annotations

from workflow.store.base import Home, home, organisation_codes
from workflow.store.files import attached_digests
from workflow.store.matters import StoredMatter
from workflow.store.meetings import StoredMeeting
from workflow.store.posts import holds_a_post, person_named
from workflow.store.sighted import Sighted
from workflow.store.signatures import end_signing_key, signing_keys
from workflow.store.wakes import HOUSE, due_subjects, next_wake
from workflow.store.whole import Store
from workflow.store.wishes import whose_feed

__all__ = [
    "HOUSE",
    "Home",
    "Sighted",
    "Store",
    "StoredMatter",
    "StoredMeeting",
    "attached_digests",
    "due_subjects",
    "end_signing_key",
    "holds_a_post",
    "home",
    "next_wake",
    "organisation_codes",
    "person_named",
    "signing_keys",
    "whose_feed",
]
