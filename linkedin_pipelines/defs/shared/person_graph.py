"""The graph of every kind of action: plan, then a step a person, then settle. One call a kind."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import dagster as dg
from pydantic import Field

from linkedin_pipelines.defs.shared.checks import finding_of
from linkedin_pipelines.defs.shared.images import thumbnail
from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn, Opener, Person, Run
from linkedin_pipelines.defs.shared.tables import counts, tables
from linkedin_pipelines.defs.shared.vocabulary import ACTS_TAG, HELD_TAG, OWNERS, PROGRESS_TAG, WAITS_TAG
from linkedin_pipelines.domain.account import AccountConfig, Mode
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.logging import correlated
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.reporting.reports import as_settled
from linkedin_pipelines.settings import Settings

STOPPED_BY = "stopped_by"
"""Key of the materialization's metadata that says why the campaign did not come to its end."""

_TAG_LETTERS = 200
"""Of a sentence in a tag: the runs' page shows it in one line."""

P = TypeVar("P", bound=Person)


class ActingConfig(dg.Config):
    """Whether the last click is made."""

    live: bool = Field(default=False, description="Whether the last click is made; else everything up to it is.")


@dataclass(frozen=True, kw_only=True)
class PersonGraph(Generic[P]):
    """What sets one kind's graph apart from another's."""

    asset: dg.AssetKey
    group: str
    description: str
    live: str
    """Description of the switch."""
    steps: tuple[str, str, str]
    """Names of the ops: plan, a person's own, settle."""
    after: Mapping[str, dg.AssetKey]
    """Assets that it waits for, by the name of the input."""
    opener: Opener[Any]
    columns: dg.TableSchema
    rows: Callable[[Sequence[tuple[P, Outcome]]], Iterable[Mapping[str, object]]]
    shown: Mapping[str, str]
    """The tables of the outcome, by name: the columns of each, see `tables`."""
    again: str = "launch it again when that is over"
    """How a campaign that was held goes on."""
    refuse: Callable[[LinkedIn, str, date], Sequence[str]] = lambda *_: ()
    """What speaks against the plan as a whole; nothing if it may be carried out."""
    facts: Callable[[P, Outcome], dict[str, Any]] = lambda *_: {}
    """What else a person's step shows."""


def person_graph(kind: PersonGraph[Any]) -> dg.AssetsDefinition:
    """The kind's asset. Every person is a step of the run, named by contact number."""
    plan, act, settle = _plan(kind), _act(kind), _settle(kind)
    names = list(kind.after)

    def compose_one(first: Any) -> Any:
        return settle(plan(**{names[0]: first}).map(act).collect())

    def compose_two(first: Any, second: Any) -> Any:
        return settle(plan(**{names[0]: first, names[1]: second}).map(act).collect())

    inputs = dict(zip(("first", "second"), kind.after.values(), strict=False))

    @dg.config_mapping(
        config_schema={
            "live": dg.Field(
                bool,
                default_value=False,
                is_required=False,
                description=f"{kind.live} Else, or if the account's mode is rehearsal, only up to the last click.",
            )
        }
    )
    def acting(config: dict[str, Any]) -> dict[str, Any]:
        """One switch for the whole asset, instead of one hidden in its first step."""
        return {kind.steps[0]: {"config": {"live": config["live"]}}}

    decorate = dg.graph_asset(
        name=kind.asset.path[-1],
        group_name=kind.group,
        partitions_def=campaigns,
        ins={name: dg.AssetIn(key, dagster_type=dg.Nothing) for name, key in inputs.items()},
        config=acting,
        owners=OWNERS,
        kinds={"python", "playwright"},
        metadata={"dagster/column_schema": kind.columns},
        description=kind.description,
    )
    made: dg.AssetsDefinition = decorate(compose_two if len(names) == 2 else compose_one)
    return made


def _plan(kind: PersonGraph[Any]) -> dg.OpDefinition:
    @dg.op(
        name=kind.steps[0],
        ins={name: dg.In(dg.Nothing) for name in kind.after},
        out=dg.DynamicOut(object, description="A person."),
        tags={"dagster/kind": "python"},
        description="Take the account's lease and name the people, in order.",
    )
    def plan(
        context: dg.OpExecutionContext, config: ActingConfig, linkedin: LinkedIn, campaign: Campaign
    ) -> Iterator[dg.DynamicOutput[Any]]:
        account, day = campaign_of(context)
        live = config.live and get_account(linkedin.database, account).config.mode.sends
        if config.live and not live:
            context.log.warning("Live was asked for, but the account's mode is rehearsal: nothing will be done.")
        if problems := kind.refuse(linkedin, account, day):
            raise dg.Failure("This list must not be carried out: " + " ".join(problems))
        run: Run = campaign.open(kind.opener, account, day, context.run.run_id, live=live)
        people = run.planned()
        mode = str(run.account.mode if run.live else Mode.REHEARSAL)
        context.log.info(
            "%s, %s: %d people, %s.", account, day, len(people), mode if run.live else "rehearsal, up to the last click"
        )
        campaign.expect(len(people))
        # As it will be: a run may ask for live and rehearse all the same.
        context.instance.add_run_tags(context.run.run_id, {ACTS_TAG: mode, PROGRESS_TAG: f"0 of {len(people)}"})
        for person in people:
            yield dg.DynamicOutput(person, mapping_key=f"contact_{person.contact_id}")

    return plan


def _act(kind: PersonGraph[Any]) -> dg.OpDefinition:
    @dg.op(
        name=kind.steps[1],
        ins={"person": dg.In(object)},
        out=dg.Out(object, description="The person, and what became of them."),
        tags={"dagster/kind": "playwright"},
        description="One person: claim, prepare, click, prove, settle. A refusal is an outcome.",
    )
    def act(context: dg.OpExecutionContext, person: Any, linkedin: LinkedIn, campaign: Campaign) -> Any:
        run = campaign.under_way
        run.told_by(context.log.warning)
        with correlated(step=f"{kind.steps[1]}[contact_{person.contact_id}]"):
            outcome = campaign.deliver(person)
        done, people = campaign.progress
        context.log.info(
            "Contact %d: %s. %d of %d%s.",
            person.contact_id,
            ", ".join(str(w) for w in (outcome.status, outcome.reason) if w),
            done,
            people,
            _next_at(linkedin, run.account) if done < people and outcome.interaction_id else "",
        )
        context.instance.add_run_tags(context.run.run_id, {PROGRESS_TAG: f"{done} of {people}"})
        link = profile_url(run.account, person.slug)
        context.add_output_metadata(
            {
                "person": person.full_name,
                "status": str(outcome.status),
                **({"explanation": outcome.explanation} if outcome.explanation else {}),
                **({"reason": str(outcome.reason)} if outcome.reason else {}),
                **({"profile": dg.MetadataValue.url(link)} if link else {}),
                **kind.facts(person, outcome),
                "live": run.live,
                **({"interaction_id": outcome.interaction_id} if outcome.interaction_id else {}),
                **screenshots(linkedin.settings, outcome.evidence),
            }
        )
        return person, outcome

    return act


def _next_at(linkedin: LinkedIn, account: AccountConfig) -> str:
    """When the next person's turn comes at the earliest, in the account's own time."""
    first = linkedin.clock.now() + timedelta(seconds=account.pace_seconds[0])
    return f", the next from {first.astimezone(account.zone):%H:%M} on"


def _settle(kind: PersonGraph[Any]) -> dg.OpDefinition:
    @dg.op(
        name=kind.steps[2],
        out=dg.Out(dg.Nothing),
        description=(
            "Close the books of the run: everybody's outcome in one table, and what stopped it, if anything did. A "
            "campaign that is held is no failed run: its ledger and its report follow, and the check says why."
        ),
    )
    def settle(context: dg.OpExecutionContext, acted: list[Any], linkedin: LinkedIn, campaign: Campaign) -> None:
        account, _ = campaign_of(context)
        run = campaign.under_way
        run.finish()
        outcomes = as_settled(linkedin.database, account, context.run.run_id, [outcome for _, outcome in acted])
        acted = [(entry, outcome) for (entry, _), outcome in zip(acted, outcomes, strict=True)]
        metadata: dict[str, Any] = {
            "dagster/row_count": len(acted),
            "live": run.live,
            "outcomes": counts(outcome.status for outcome in outcomes),
            **tables(kind.columns, kind.rows(acted), **kind.shown),
        }
        if (why := what_stopped(campaign.fault, outcomes, account, kind.again)) is not None:
            context.log.warning("The campaign did not come to its end: %s", why)
            context.instance.add_run_tags(context.run.run_id, {HELD_TAG: "true", WAITS_TAG: why[:_TAG_LETTERS]})
            metadata[STOPPED_BY] = why
        elif waits := list(what_waits(outcomes)):
            for line in waits:
                context.log.info("%s", line)
            context.instance.add_run_tags(context.run.run_id, {WAITS_TAG: waits[0][:_TAG_LETTERS]})
        context.add_output_metadata(metadata)

    return settle


def came_to_its_end(asset: dg.AssetKey, promise: str) -> dg.AssetChecksDefinition:
    """The check of a kind's graph that says what stopped it, if anything did; `promise` is what holds otherwise."""

    @dg.asset_check(
        asset=asset,
        name="campaign_came_to_its_end",
        partitions_def=campaigns,
        description=(
            f"{promise} A failure means that it was held or stopped on the way, by a stop sign, unreadable pages, an "
            "open breaker, or the loss of browser or database: the words say which, and what ends it. The rest are "
            "deferred."
        ),
    )
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        wanted = dg.AssetRecordsFilter(asset, asset_partitions=[context.partition_key])
        records = context.instance.fetch_materializations(wanted, limit=1).records
        found = records[0].asset_materialization if records else None
        stopped_by = found.metadata.get(STOPPED_BY) if found is not None else None
        return finding_of([str(stopped_by.value)] if stopped_by is not None else []).result()

    return check


def what_stopped(fault: str | None, outcomes: Sequence[Outcome], account: str, again: str) -> str | None:
    """Why the campaign did not come to its end, for the member; None if it did."""
    left = sum(outcome.status is EntryOutcome.DEFERRED for outcome in outcomes)
    if fault is not None:
        return f"{fault} ({_deferred(left)}.)"
    by_reason = {outcome.reason: outcome.explanation for outcome in reversed(outcomes)}
    if Reason.STOP_SIGN in by_reason:
        return (
            f"The site showed a stop sign: {_sign(by_reason)} The account stops until you resume it "
            f"(`linkedin-pipelines accounts resume {account}`); {_deferred(left)}. Then {again}."
        )
    if why := [outcome.explanation for outcome in outcomes if _is_held(outcome)]:
        return f"{why[0]} {_deferred(left)}; site_canary shows what could not be read, and {again}."
    if Reason.NOT_PRESSED in by_reason:
        return f"{by_reason[Reason.NOT_PRESSED]} {_deferred(left)}; {again}."
    if Reason.BREAKER_OPEN in by_reason:
        return f"{by_reason[Reason.BREAKER_OPEN]} {_deferred(left)}; {again}."
    return None


def what_waits(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """What the deferred people of a campaign that came to its end wait for, and until when: the most frequent first."""
    waits = [(each.explanation, each.next_eligible_on) for each in outcomes if each.status is EntryOutcome.DEFERRED]
    for (explanation, until), people in Counter(waits).most_common():
        yield f"{_deferred(people)}{f' until {until}' if until else ''}: {explanation}"


def _sign(by_reason: Mapping[Reason | None, str | None]) -> str:
    """What the stop sign says, without the words by which its error begins."""
    return (by_reason[Reason.STOP_SIGN] or "").removeprefix("Stop sign: ")


def _is_held(outcome: Outcome) -> bool:
    """Whether somebody was not tried because of what the look at the pages had found."""
    return outcome.status is EntryOutcome.DEFERRED and outcome.reason is Reason.PAGE_UNREADABLE


def _deferred(people: int) -> str:
    return "1 person is deferred" if people == 1 else f"{people} people are deferred"


def profile_url(config: AccountConfig, slug: str | None) -> str | None:
    """Address of a profile on the account's own site."""
    return f"{config.base_url}/in/{quote(slug)}/" if slug else None


def profile_path(slug: str | None) -> str | None:
    """A profile as tables show it: a whole address cannot be broken into lines, and cuts off what stands beside it."""
    return f"/in/{slug}" if slug else None


def screenshots(settings: Settings, evidence: Evidence) -> dict[str, dg.MetadataValue[Any]]:
    """The last screenshot of one attempt to look at, then the files of all, in the order in which they were taken."""
    files = [Path(settings.evidence) / path for path in evidence.screenshots]
    seen = thumbnail(files[-1]) if files else None
    shown: dict[str, dg.MetadataValue[Any]] = {"seen": seen} if seen is not None else {}
    return shown | {f"picture_{number}": dg.MetadataValue.path(file) for number, file in enumerate(files, start=1)}
