"""Every table, re-exported so that `Base.metadata` is whole wherever any of them is imported."""

from linkedin_pipelines.db.models.accounts import Account, AccountChange, BrowserSession
from linkedin_pipelines.db.models.base import Base
from linkedin_pipelines.db.models.contacts import BirthdayRecord, Contact, StopRequest
from linkedin_pipelines.db.models.forgotten import Forgetting, ForgottenMark
from linkedin_pipelines.db.models.imports import FileImport, RefusedRow
from linkedin_pipelines.db.models.interactions import Interaction
from linkedin_pipelines.db.models.lists import BirthdayList, ListApproval, ListEntry
from linkedin_pipelines.db.models.operations import (
    AccountBreaker,
    AccountLease,
    CanarySight,
    RunHeartbeat,
    SelectorHealth,
)
from linkedin_pipelines.db.models.readings import SiteReading
from linkedin_pipelines.db.models.wishes import HandSentWish

__all__ = [
    "Account",
    "AccountBreaker",
    "AccountChange",
    "AccountLease",
    "Base",
    "BirthdayList",
    "BirthdayRecord",
    "BrowserSession",
    "CanarySight",
    "Contact",
    "FileImport",
    "Forgetting",
    "ForgottenMark",
    "HandSentWish",
    "Interaction",
    "ListApproval",
    "ListEntry",
    "RefusedRow",
    "RunHeartbeat",
    "SelectorHealth",
    "SiteReading",
    "StopRequest",
]
