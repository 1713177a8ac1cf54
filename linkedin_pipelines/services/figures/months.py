"""A month of an account: outcomes by kind, reasons, weeks, quotas used, and the birthdays of the month after it.

The month is the sum of its days' campaign reports: a person who is on the lists of three days counts on each of them,
by the last attempt through that day's list, else by the list itself. Quotas are counted from the ledger's rows.

Replies are not in it. A conversation is read for the member's own wish and for requests to stop; nothing else that the
other person wrote is kept, so there is nothing to count but those requests.

pandas takes a second to load, so this module is imported where a report is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.reporting import months as rows
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS, sharing_quota
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.outcomes import told
from linkedin_pipelines.domain.states import InteractionOrigin
from linkedin_pipelines.domain.windows import day_start, local_day
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.forecasts import birthdays_between
from linkedin_pipelines.services.figures.quotas import QuotaUse
from linkedin_pipelines.services.figures.weeks import DayCount

_COLUMNS = ["day", "kind", "contact", "year", "outcome", "reason"]
_ONE_PERSON = ["day", "kind", "contact", "year"]
_BIRTHDAY = InteractionKind.BIRTHDAY_MESSAGE.value
_WEEK_DAYS = 7


@dataclass(frozen=True)
class OutcomeCount:
    """How often one kind had one outcome, or one outcome for one reason."""

    kind: str
    outcome: str
    reason: str
    """Empty where outcomes are counted whatever their reason."""
    times: int
    """Days and people."""
    people: int


@dataclass(frozen=True)
class WeekCount:
    """Birthday messages of one calendar week, as far as it lies in the month."""

    begins: date
    sent: int
    deferred: int
    failed: int
    in_doubt: int


@dataclass(frozen=True)
class BirthdaysAhead:
    """One day of the month after."""

    day: date
    names: tuple[str, ...]


@dataclass(frozen=True)
class MonthReport:
    """A month of one account."""

    account: str
    first: date
    last: date
    over: bool
    """Whether the month has ended for the account; else these are its numbers so far."""
    counts: dict[str, int]
    """Birthday messages by outcome."""
    outcomes: tuple[OutcomeCount, ...]
    reasons: tuple[OutcomeCount, ...]
    days: tuple[DayCount, ...]
    weeks: tuple[WeekCount, ...]
    quota_used: dict[str, int]
    """What each kind spent of its quota in the whole month."""
    busiest: tuple[QuotaUse, ...]
    """The busiest day and the busiest seven days in a row of each kind, against the account's present limits."""
    by_hand: int
    requests_to_stop: int
    ahead: tuple[BirthdaysAhead, ...]

    @property
    def summary(self) -> str:
        """The month in a few sentences."""
        what = ", ".join(f"{count} {word}" for word, count in self.counts.items()) or "no list had anybody on it"
        hand = f" {self.by_hand} sent by hand." if self.by_hand else ""
        coming = sum(len(day.names) for day in self.ahead)
        return (
            f"{self.first:%B %Y}{'' if self.over else ' so far'}: {what}.{hand} "
            f"{coming} {'birthday' if coming == 1 else 'birthdays'} in {self.last + timedelta(days=1):%B}."
        )


def month_report(database: Database, clock: Clock, account_slug: str, month: date) -> MonthReport:
    """The month in which the day `month` lies.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    config = account.config
    first, last = _bounds(month)
    after = _bounds(last + timedelta(days=1))
    with database.reading() as session:
        entries = rows.entries_between(session, account.id, first, last)
        attempts = rows.attempts_between(session, account.id, first, last)
        # The week that ends on the first of the month began six days before it.
        used = rows.used_by_day(session, account.id, first - timedelta(days=_WEEK_DAYS - 1), last)
        by_hand = rows.wishes_by_hand(session, account.id, first, last)
        began, ended = day_start(first, config.zone), day_start(after[0], config.zone)
        stops = rows.requests_to_stop(session, account.id, began, ended)
        ahead = [(day, contact.full_name) for day, contact in birthdays_between(session, account, *after)]
    people = _people(entries, attempts)
    daily = _by_day(people, first, last)
    use = _daily_use(used, first, last)
    words = people.loc[people["kind"] == _BIRTHDAY, "outcome"]
    return MonthReport(
        account=account_slug,
        first=first,
        last=last,
        over=local_day(clock.now(), config.zone) > last,
        counts={str(word): int(count) for word, count in words.value_counts().sort_index().items()},
        outcomes=_counted(people, ["kind", "outcome"]),
        reasons=_counted(people[people["reason"] != ""], ["kind", "outcome", "reason"]),
        days=_days(daily, config),
        weeks=_weeks(daily),
        quota_used={str(kind): int(count) for kind, count in use.loc[pd.Timestamp(first) :].sum().items()},
        busiest=_busiest(use, first, config),
        by_hand=by_hand,
        requests_to_stop=stops,
        ahead=tuple(
            BirthdaysAhead(day, tuple(name for on, name in ahead if on == day))
            for day in sorted({on for on, _ in ahead})
        ),
    )


def _bounds(day: date) -> tuple[date, date]:
    """First and last day of the month in which `day` lies."""
    period = pd.Period(day, freq="M")
    return period.start_time.date(), period.end_time.date()


def _people(entries: Sequence[rows.EntryLine], attempts: Sequence[rows.AttemptLine]) -> pd.DataFrame:
    """A row for each day, kind and person: the last attempt, else what the list says."""
    listed = [
        (each.list_date, _BIRTHDAY, each.contact_id, each.occurrence_year, each.outcome.value, each.reason or "")
        for each in entries
    ]
    tried = [
        (
            each.list_date,
            each.kind,
            each.contact_id,
            each.occurrence_year or 0,  # other occasions have none; the last attempt at the person counts
            told(each.status, each.reason).value,
            each.reason or "",
        )
        for each in attempts
        if each.kind != _BIRTHDAY or each.origin is InteractionOrigin.CAMPAIGN
    ]
    return pd.DataFrame([*listed, *tried], columns=_COLUMNS).drop_duplicates(_ONE_PERSON, keep="last")


def _counted(people: pd.DataFrame, by: list[str]) -> tuple[OutcomeCount, ...]:
    """How often each combination occurs, and for how many people, the most frequent of a kind first."""
    table = people.groupby(by)["contact"].agg(times="size", people="nunique").reset_index()
    table = table.sort_values(["kind", "times", *by[1:]], ascending=[True, False, *([True] * (len(by) - 1))])
    return tuple(
        OutcomeCount(each["kind"], each["outcome"], each.get("reason", ""), int(each["times"]), int(each["people"]))
        for each in table.to_dict("records")
    )


def _by_day(people: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Birthday messages by day (index, every day of the month) and outcome (columns)."""
    birthdays = people[people["kind"] == _BIRTHDAY]
    table = pd.crosstab(pd.to_datetime(birthdays["day"]), birthdays["outcome"])
    words = ["sent", "deferred", "failed", "in_doubt"]
    return table.reindex(index=pd.date_range(first, last), columns=words, fill_value=0)


def _days(daily: pd.DataFrame, config: AccountConfig) -> tuple[DayCount, ...]:
    quota = config.quotas.birthday_message.per_day
    return tuple(DayCount(day=day, quota=quota, **counts) for day, counts in _lines(daily))


def _weeks(daily: pd.DataFrame) -> tuple[WeekCount, ...]:
    sums = daily.resample("W-MON", label="left", closed="left").sum()
    return tuple(WeekCount(begins=begins, **counts) for begins, counts in _lines(sums))


def _lines(table: pd.DataFrame) -> Iterator[tuple[date, dict[str, int]]]:
    """The rows of a table by day."""
    for moment, row in zip(pd.DatetimeIndex(table.index), table.to_dict("records"), strict=True):
        yield moment.date(), {str(word): int(count) for word, count in row.items()}


def _daily_use(used: Sequence[tuple[date, str, int]], first: date, last: date) -> pd.DataFrame:
    """What each kind (columns) spent each day (index, from six days before the month); shared quotas add up."""
    days = pd.date_range(first - timedelta(days=_WEEK_DAYS - 1), last)
    frame = pd.DataFrame(used, columns=["day", "kind", "count"])
    table = frame.pivot_table(index="day", columns="kind", values="count", aggfunc="sum", fill_value=0)
    table.index = pd.to_datetime(table.index)
    table = table.reindex(index=days, columns=list(ACTION_KINDS), fill_value=0)
    shared = {
        kind.name: [kind.name] if kind.own_quota else sorted(sharing_quota(kind)) for kind in ACTION_KINDS.values()
    }
    return pd.DataFrame({name: table[kinds].sum(axis=1) for name, kinds in shared.items()})


def _busiest(use: pd.DataFrame, first: date, config: AccountConfig) -> tuple[QuotaUse, ...]:
    """Of each kind that spent anything in the month: its busiest day and its busiest seven days, the earliest such."""
    found: list[QuotaUse] = []
    begin = pd.Timestamp(first)
    weekly, daily = use.rolling(_WEEK_DAYS).sum().loc[begin:], use.loc[begin:]
    for name, kind in ACTION_KINDS.items():
        if not daily[name].sum():
            continue
        quota = kind.alone.quota_of(config.quotas)
        for table, limit, words in ((daily, quota.per_day, "day"), (weekly, quota.per_week, "7 days to")):
            used, when = int(table[name].max()), pd.Timestamp(str(table[name].idxmax()))
            found.append(QuotaUse(name, f"{words} {when:%d %b}", used, limit, max(0, limit - used)))
    return tuple(found)
