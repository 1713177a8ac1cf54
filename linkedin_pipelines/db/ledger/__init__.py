"""The ledger: never twice, never over.

What belongs here: each step of an interaction's life, as part of the caller's transaction. Claims, clicks and
settlements of one account follow each other, since each locks the account's lease row first (SQLite: the database)
and proves by its fencing token that it is the holder. What is allowed is decided in `domain.claims`; that it stays true
is held by two unique indexes: an occasion is occupied at most once, an account has at most one interaction in flight.

    claim -> sending -> mark_clicked -> settle: sent | failed with proof | in_doubt -> sent | failed with proof

A run that dies leaves `sending` behind. Whoever takes the account over adopts it: without `clicked_at` nothing went
out, since that is committed before the click; with it nobody knows, and only the thread or the member can tell.
"""

from __future__ import annotations

from linkedin_pipelines.db.ledger.claiming import (
    Claimed,
    ClaimRequest,
    against_click,
    claim,
    hold_if_clock_was_set_back,
    may_act,
)
from linkedin_pipelines.db.ledger.settling import mark_clicked, record_by_hand, record_rehearsal, record_unread, settle
from linkedin_pipelines.db.ledger.spending import last_activity, quota_left
from linkedin_pipelines.db.ledger.unsettled import (
    UnsettledInteraction,
    adopt_stranded,
    end_settle_first,
    get,
    put_settle_first,
    unsettled,
)
from linkedin_pipelines.db.ledger.visits import VisitRequest, rehearsed_on, spend_visit, visit_refusal

__all__ = [
    "ClaimRequest",
    "Claimed",
    "UnsettledInteraction",
    "VisitRequest",
    "adopt_stranded",
    "against_click",
    "claim",
    "end_settle_first",
    "get",
    "hold_if_clock_was_set_back",
    "last_activity",
    "mark_clicked",
    "may_act",
    "put_settle_first",
    "quota_left",
    "record_by_hand",
    "record_rehearsal",
    "record_unread",
    "rehearsed_on",
    "settle",
    "spend_visit",
    "unsettled",
    "visit_refusal",
]
