"""What an import of the reference product's database does, or would do, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linkedin_pipelines.db.legacy.imports import RowOutcome
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.identity import name_key
from linkedin_pipelines.domain.legacy.facts import BLOCKED, LAST_MESSAGE, day_if_local, moment_and_day
from linkedin_pipelines.domain.legacy.placing import COVERED, REPEAT
from linkedin_pipelines.domain.states import OCCUPYING

_OUTCOMES = ("imported", "merged", "refused", "kept_out")
UNKNOWABLE = (
    "sent means that the product believed its click; failed proves nothing either",
    "texts of before 30 November 2025 are those that were sent; later ones of its first version are second drafts",
    "visits of its rehearsals since 30 November 2025 look like real ones, and count",
)


@dataclass(frozen=True)
class LegacyReport:
    """Every row accounted for."""

    account: str
    file: str
    sha256: str
    outcome: str
    """planned, imported or already_imported."""
    import_id: int | None
    schema: str
    naive_zone: str
    imported_at: datetime
    checksum: str
    tables: dict[str, dict[str, int]]
    reasons: dict[str, int] = field(default_factory=dict)
    """Refused, merged and kept-out rows, by class of the reason."""
    ledger: dict[str, dict[str, int]] = field(default_factory=dict)
    """Rows of the ledger by kind and status."""
    occasions: int = 0
    repeats: int = 0
    do_not_contact: tuple[str, ...] = ()
    held: int = 0
    """Birthdays that wait for the member, since several connections bear the name."""
    rows_without_zone: int = 0
    rows_that_change_their_day: int = 0
    """If times without a zone were the account's own."""
    settle_first: bool = False
    rows: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    notes: tuple[str, ...] = UNKNOWABLE


def count_tables(
    rows_by_table: dict[str, int], kept_out: dict[str, tuple[int, str]], found: list[RowOutcome]
) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Rows by table and outcome, and by class of the reason.

    Raises:
        AssertionError: a row is not accounted for.
    """
    tables = {table: {"rows": count} for table, count in sorted(rows_by_table.items()) if count}
    reasons: dict[str, int] = {}
    for one in found:
        if one.table in {LAST_MESSAGE, BLOCKED}:
            continue
        tables[one.table][one.outcome] = tables[one.table].get(one.outcome, 0) + 1
        if one.why is not None:
            reasons[one.why] = reasons.get(one.why, 0) + 1
    for table, (count, why) in kept_out.items():
        if not count:
            continue
        tables[table]["kept_out"] = tables[table].get("kept_out", 0) + count
        reasons[why] = reasons.get(why, 0) + count
    for table, counts in tables.items():
        told = sum(counts.get(outcome, 0) for outcome in _OUTCOMES)
        if told != counts["rows"]:
            raise AssertionError(f"table {table}: {told} of {counts['rows']} rows are accounted for; nothing was kept")
    return tables, dict(sorted(reasons.items()))


def rows_view(found: list[RowOutcome], zone: ZoneInfo, blocked: dict[str, list[str]]) -> dict[str, Any]:
    """Every row by table and id: what became of it, and why."""
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for one in found:
        if one.outcome == COVERED or one.table == BLOCKED:
            continue
        rows.setdefault(one.table, {})[one.row_id] = _row(one, zone, blocked)
    return rows


def _row(one: RowOutcome, zone: ZoneInfo, blocked: dict[str, list[str]]) -> dict[str, Any]:
    view: dict[str, Any] = {"outcome": one.outcome}
    if one.why is not None:
        view["why"] = one.why
    if one.into is not None:
        view["into"] = one.into
    fact = one.fact
    if fact is None:
        return view
    if fact.event is None and fact.blocked is not None:
        view["do_not_contact"] = blocked.get(
            f"key={fact.slug}" if fact.slug else f"name={name_key(fact.name or '')}", []
        )
    else:
        view["contact"] = one.contact
    if fact.event is not None:
        at, day = moment_and_day(fact.event.moment, zone)
        known = fact.event.moment.at is not None
        view |= {
            "kind": fact.event.kind.value,
            "status": one.status,
            "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if known else None,
            "day": day.isoformat(),
            "year": one.year,
        }
        local = day_if_local(fact.event.moment)
        if local is not None and local != day:
            view["day_if_local"] = local.isoformat()
    if one.notes:
        view["notes"] = list(one.notes)
    return view


def ledger_view(found: list[RowOutcome]) -> tuple[dict[str, dict[str, int]], int, int]:
    """The ledger's rows by kind and status; how many occasions they occupy; how many greetings were repeats."""
    ledger: dict[str, dict[str, int]] = {}
    occasions = 0
    for one in found:
        if one.in_ledger and one.fact is not None and one.fact.event is not None and one.status is not None:
            kind = one.fact.event.kind
            of_kind = ledger.setdefault(kind.value, {})
            of_kind[one.status] = of_kind.get(one.status, 0) + 1
            occasions += kind is InteractionKind.BIRTHDAY_MESSAGE and one.status in OCCUPYING
    return ledger, occasions, sum(one.why == REPEAT for one in found)
