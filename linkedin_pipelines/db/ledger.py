"""The ledger: never twice, never over.

What belongs here: each step of an interaction's life, as part of the caller's transaction. Claims, clicks and
settlements of one account follow each other, since each locks the account's lease row first (SQLite: the whole store)
and proves by its fencing token that it is the holder. What is allowed is decided in `domain.claims`; that it stays true
is held by two unique indexes: an occasion is occupied at most once, an account has at most one interaction in flight.

    claim -> sending -> mark_clicked -> settle: sent | failed with proof | in_doubt -> sent | failed with proof

A run that dies leaves `sending` behind. Whoever takes the account over adopts it: without `clicked_at` nothing went
out, since that is committed before the click; with it nobody knows, and only the thread or the member can tell.
"""

from __future__ import annotations

from linkedin_pipelines.db.claiming import Claimed, ClaimRequest, claim, may_act
from linkedin_pipelines.db.settling import mark_clicked, record_by_hand, record_rehearsal, settle
from linkedin_pipelines.db.spending import quota_left
from linkedin_pipelines.db.unsettled import (
    UnsettledInteraction,
    adopt_stranded,
    end_settle_first,
    get,
    put_settle_first,
    unsettled,
)
from linkedin_pipelines.domain.claims import Refused

__all__ = [
    "ClaimRequest",
    "Claimed",
    "Refused",
    "UnsettledInteraction",
    "adopt_stranded",
    "claim",
    "end_settle_first",
    "get",
    "mark_clicked",
    "may_act",
    "put_settle_first",
    "quota_left",
    "record_by_hand",
    "record_rehearsal",
    "settle",
    "unsettled",
]
