"""Names that definitions share: groups of the graph, who looks after it, keys of the assets, tags of the runs."""

import dagster as dg

OWNERS = ["team:relationships"]

PEOPLE = "people"
BIRTHDAYS = "birthdays"
INVITATIONS = "invitations"
SOURCING = "sourcing"
MOMENTS = "moments"
LEDGER = "ledger"
UPKEEP = "upkeep"

CONTACTS = dg.AssetKey("contacts")
BIRTHDAYS_SEEN = dg.AssetKey("birthdays_seen")
BIRTHDAY_LIST = dg.AssetKey("birthday_list")
APPROVED_MESSAGES = dg.AssetKey("approved_messages")
SITE_CANARY = dg.AssetKey("site_canary")
BIRTHDAY_MESSAGES = dg.AssetKey("birthday_messages")
PENDING_INVITATIONS = dg.AssetKey("pending_invitations")
APPROVED_WITHDRAWALS = dg.AssetKey("approved_withdrawals")
INVITATION_WITHDRAWALS = dg.AssetKey("invitation_withdrawals")
SOURCED_PROFILES = dg.AssetKey("sourced_profiles")
PROFILE_VISITS = dg.AssetKey("profile_visits")
FIT_SCORES = dg.AssetKey("fit_scores")
MOMENTS_SEEN = dg.AssetKey("moments_seen")
APPROVED_CONGRATULATIONS = dg.AssetKey("approved_congratulations")
MOMENT_MESSAGES = dg.AssetKey("moment_messages")
INTERACTIONS = dg.AssetKey("interactions")
CAMPAIGN_REPORT = dg.AssetKey("campaign_report")
MONTHLY_REPORT = dg.AssetKey("monthly_report")
PROTECTIONS = dg.AssetKey("protections")

LIVE_TAG = "linkedin/live"
"""`true` on runs that ask for the real thing; whether they get it is also the account's mode's say."""

HELD_TAG = "linkedin/held"
"""`true` on runs whose campaign did not come to its end though nothing failed: held, or stopped by the site."""

ACTS_TAG = "linkedin/acts"
"""`live` or `rehearsal`: what the run does, once it has planned, whatever it was asked for."""

PROGRESS_TAG = "linkedin/progress"
"""How many of the run's people have had their turn, as `3 of 12`."""

WAITS_TAG = "linkedin/waits_for"
"""Why a held run did not come to its end, and what ends that."""

STOPPED_TAG = "linkedin/stopped_with_the_stack"
"""`true` on runs that were terminated because whoever operates the product stopped it, not because anybody minded the
run: their campaign goes on when the product is up again."""

ACCOUNT_SLOT_TAG = "dagster/partition/account"
"""The tag whose value the run queue lets run once at a time; campaigns carry it by their partition."""
