"""Names that definitions share: groups of the graph, who looks after it, keys of the assets, tags of the runs."""

import dagster as dg

OWNERS = ["team:relationships"]

PEOPLE = "people"
BIRTHDAYS = "birthdays"
LEDGER = "ledger"

CONTACTS = dg.AssetKey("contacts")
BIRTHDAYS_SEEN = dg.AssetKey("birthdays_seen")
BIRTHDAY_LIST = dg.AssetKey("birthday_list")
APPROVED_MESSAGES = dg.AssetKey("approved_messages")
SITE_CANARY = dg.AssetKey("site_canary")
BIRTHDAY_MESSAGES = dg.AssetKey("birthday_messages")
INTERACTIONS = dg.AssetKey("interactions")
CAMPAIGN_REPORT = dg.AssetKey("campaign_report")

LIVE_TAG = "linkedin/live"
"""`true` on runs that ask for the real thing; whether they get it is also the account's mode's say."""

STOPPED_TAG = "linkedin/stopped_with_the_stack"
"""`true` on runs that were terminated because whoever operates the product stopped it, not because anybody minded the
run: their campaign goes on when the product is up again."""

ACCOUNT_SLOT_TAG = "dagster/partition/account"
"""The tag whose value the run queue lets run once at a time; campaigns carry it by their partition."""
