"""`birthday_messages`: the wishes themselves, one step a person, in one browser session."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from linkedin_pipelines.defs.birthdays.gates import problems_of_list
from linkedin_pipelines.defs.birthdays.people import DELIVERY_COLUMNS, delivery_rows, pictures, profile_url
from linkedin_pipelines.defs.partitions import campaign_of, campaigns
from linkedin_pipelines.defs.resources import BirthdayCampaign, LinkedIn
from linkedin_pipelines.defs.tables import counts, table
from linkedin_pipelines.defs.vocabulary import APPROVED_MESSAGES, BIRTHDAYS, OWNERS, SITE_CANARY
from linkedin_pipelines.domain.account import Mode
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.threads import same_text
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.birthday_lists import EntryView, read_list
from linkedin_pipelines.services.sending import Delivery

Delivered = tuple[EntryView, Delivery]


class SendingConfig(dg.Config):
    """How the messages are sent."""

    live: bool = False


@dg.op(
    ins={"approved": dg.In(dg.Nothing), "looked_at": dg.In(dg.Nothing)},
    out=dg.DynamicOut(EntryView, description="A person to wish."),
    tags={"dagster/kind": "python"},
)
def plan_wishes(
    context: dg.OpExecutionContext, config: SendingConfig, linkedin: LinkedIn, birthday_campaign: BirthdayCampaign
) -> Iterator[dg.DynamicOutput[EntryView]]:
    """Take the account's lease and name the people to wish: planned, and approved word for word."""
    account, day = campaign_of(context)
    mode = get_account(linkedin.database, account).config.mode
    live = config.live and mode is Mode.LIVE
    if config.live and not live:
        context.log.warning("Live was asked for, but the account's mode is rehearsal: nothing will be sent.")
    view = read_list(linkedin.database, account, day)
    if view is not None and (problems := problems_of_list(view)):
        raise dg.Failure("This list must not be sent: " + " ".join(problems))
    campaign = birthday_campaign.open(account, day, context.run.run_id, live=live)
    people = campaign.planned()
    context.log.info("%d people to wish; %s.", len(people), "live" if live else "rehearsal, up to the last click")
    for entry in people:
        yield dg.DynamicOutput(entry, mapping_key=f"contact_{entry.contact_id}")


@dg.op(out=dg.Out(object, description="The person, and what became of the wish."), tags={"dagster/kind": "playwright"})
def wish(
    context: dg.OpExecutionContext, entry: EntryView, linkedin: LinkedIn, birthday_campaign: BirthdayCampaign
) -> Any:
    """Wish one person: claim, open, compare, write, read back, click, prove, settle. A refusal is an outcome."""
    campaign = birthday_campaign.under_way
    delivery = birthday_campaign.deliver(entry)
    read_back = delivery.evidence.read_back
    context.log.info(
        "Contact %d: %s.", entry.contact_id, ", ".join(str(w) for w in (delivery.outcome, delivery.reason) if w)
    )
    link = profile_url(campaign.account, entry.slug)
    context.add_output_metadata(
        {
            "person": entry.full_name,
            "status": str(delivery.outcome),
            "explanation": delivery.explanation or "",
            "reason": str(delivery.reason or ""),
            **({"profile": dg.MetadataValue.url(link)} if link else {}),
            "text_read_back": read_back is not None and entry.body is not None and same_text(read_back, entry.body),
            "live": campaign.live,
            **({"interaction_id": delivery.interaction_id} if delivery.interaction_id else {}),
            **pictures(linkedin.settings, delivery.evidence),
        }
    )
    return entry, delivery


@dg.op(out=dg.Out(dg.Nothing))
def settle_campaign(
    context: dg.OpExecutionContext, delivered: list[Any], linkedin: LinkedIn, birthday_campaign: BirthdayCampaign
) -> None:
    """Close the books of the run: everybody's outcome in one table. What stopped it fails the run here, clearly."""
    account, _ = campaign_of(context)
    config = get_account(linkedin.database, account).config
    outcomes: list[Delivered] = list(delivered)
    campaign = birthday_campaign.under_way
    campaign.finish()
    metadata: dict[str, Any] = {
        "dagster/row_count": len(outcomes),
        "live": campaign.live,
        "outcomes": counts(delivery.outcome for _, delivery in outcomes),
        "people": table(DELIVERY_COLUMNS, delivery_rows(config, outcomes)),
    }
    if (why := _what_stopped(birthday_campaign.fault, [delivery for _, delivery in outcomes], account)) is not None:
        raise dg.Failure(why, metadata=metadata, allow_retries=False)
    context.add_output_metadata(metadata)


def _what_stopped(fault: str | None, deliveries: Sequence[Delivery], account: str) -> str | None:
    """Why the campaign did not come to its end, for the member; None if it did."""
    left = sum(delivery.outcome is EntryOutcome.DEFERRED for delivery in deliveries)
    if fault is not None:
        return f"{fault} ({_deferred(left)}.)"
    by_reason = {delivery.reason: delivery.explanation for delivery in reversed(deliveries)}
    if Reason.STOP_SIGN in by_reason:
        return (
            f"The site showed a stop sign: {by_reason[Reason.STOP_SIGN]} The account stops until you resume it "
            f"(`linkedin-pipelines accounts resume {account}`); {_deferred(left)}."
        )
    if why := [d.explanation for d in deliveries if _is_held(d)]:
        return (
            f"{why[0]} {_deferred(left)}; site_canary shows what could not be read, and the campaign is taken up again "
            "by itself."
        )
    if Reason.BREAKER_OPEN in by_reason:
        return f"{by_reason[Reason.BREAKER_OPEN]} {_deferred(left)}; the campaign is taken up again by itself."
    return None


def _is_held(delivery: Delivery) -> bool:
    """Whether somebody was not tried because of what the look at the pages had found."""
    return delivery.outcome is EntryOutcome.DEFERRED and delivery.reason is Reason.PAGE_UNREADABLE


def _deferred(people: int) -> str:
    return "1 person is deferred" if people == 1 else f"{people} people are deferred"


@dg.config_mapping(
    config_schema={
        "live": dg.Field(
            bool,
            default_value=False,
            is_required=False,
            description=(
                "Really send. Else, or if the account's mode is rehearsal, everything is done up to the last click."
            ),
        )
    }
)
def sending(config: dict[str, Any]) -> dict[str, Any]:
    """One switch for the whole asset, instead of one hidden in its first step."""
    return {"plan_wishes": {"config": {"live": config["live"]}}}


@dg.graph_asset(
    name="birthday_messages",
    group_name=BIRTHDAYS,
    partitions_def=campaigns,
    ins={
        "approved_messages": dg.AssetIn(APPROVED_MESSAGES, dagster_type=dg.Nothing),
        "site_canary": dg.AssetIn(SITE_CANARY, dagster_type=dg.Nothing),
    },
    config=sending,
    owners=OWNERS,
    kinds={"python", "playwright"},
    metadata={"dagster/column_schema": DELIVERY_COLUMNS},
)
def birthday_messages(approved_messages: Any, site_canary: Any) -> Any:
    """The approved messages, delivered one by one by a browser, slowly, with proof.

    Every person is a step of the run, named by contact number. For each: quota and occasion are claimed in the ledger,
    the composer's recipient is compared with the contact, the text is written and read back, the button is pressed
    once, and the message must appear in the conversation. Whatever stops a person is an outcome with a reason, not an
    error; a stop sign of the site ends the run, and holds the account until a human resumes it.

    The launchpad's default is a rehearsal: everything but the last click, leaving no trace in occasions or quotas.
    """
    return settle_campaign(plan_wishes(approved=approved_messages, looked_at=site_canary).map(wish).collect())
