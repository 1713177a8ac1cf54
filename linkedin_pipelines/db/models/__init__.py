"""Every table, re-exported so that `Base.metadata` is whole wherever any of them is imported."""

from linkedin_pipelines.db.models.accounts import Account, AccountChange, BrowserSession
from linkedin_pipelines.db.models.base import Base
from linkedin_pipelines.db.models.contacts import (
    BirthdayDecision,
    BirthdayRecord,
    Contact,
    ContactAlias,
    ContactMoment,
    HandSentWish,
    MomentReading,
    StopRequest,
)
from linkedin_pipelines.db.models.forgotten import Forgetting, ForgottenMark
from linkedin_pipelines.db.models.imports import FileImport, RefusedRow, Source
from linkedin_pipelines.db.models.interactions import Interaction
from linkedin_pipelines.db.models.invitations import InvitationSnapshot, SentInvitation
from linkedin_pipelines.db.models.legacy import LegacyContact, LegacyImport, LegacyRow, OccasionHold
from linkedin_pipelines.db.models.lists import (
    BirthdayList,
    ListApproval,
    ListDecision,
    ListEntry,
    PlanApproval,
    ReconciledThread,
    SiteReading,
)
from linkedin_pipelines.db.models.notices import ApprovalLink, Notice, NoticeDelivery
from linkedin_pipelines.db.models.operations import (
    AccountBreaker,
    AccountLease,
    CanaryProbe,
    LaunchRequest,
    MetricValue,
    RunHeartbeat,
    SelectorHealth,
)
from linkedin_pipelines.db.models.sourcing import PeopleSearch, SearchResult, SourcedProfile

__all__ = [
    "Account",
    "AccountBreaker",
    "AccountChange",
    "AccountLease",
    "ApprovalLink",
    "Base",
    "BirthdayDecision",
    "BirthdayList",
    "BirthdayRecord",
    "BrowserSession",
    "CanaryProbe",
    "Contact",
    "ContactAlias",
    "ContactMoment",
    "FileImport",
    "Forgetting",
    "ForgottenMark",
    "HandSentWish",
    "Interaction",
    "InvitationSnapshot",
    "LaunchRequest",
    "LegacyContact",
    "LegacyImport",
    "LegacyRow",
    "ListApproval",
    "ListDecision",
    "ListEntry",
    "MetricValue",
    "MomentReading",
    "Notice",
    "NoticeDelivery",
    "OccasionHold",
    "PeopleSearch",
    "PlanApproval",
    "ReconciledThread",
    "RefusedRow",
    "RunHeartbeat",
    "SearchResult",
    "SelectorHealth",
    "SentInvitation",
    "SiteReading",
    "Source",
    "SourcedProfile",
    "StopRequest",
]
