"""The outcome of many rounds as one table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table

from linkedin_pipelines_tests.torture.played import Played


def table(played: Sequence[Played], seconds: float) -> str:
    """Kills per point and target, then the books of all rounds together."""
    kills: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for each in played:
        kills += each.kills
        missed += each.missed
    by_point: dict[str, Counter[str]] = defaultdict(Counter)
    targets: list[str] = []
    for name, count in kills.items():
        target, point = name.split(" | ", 1)
        by_point[point][target] += count
        targets = [*targets, target] if target not in targets else targets
    shown = Table("point", *targets, "all", title="kills")
    for point in sorted(by_point):
        row = by_point[point]
        shown.add_row(point, *(str(row[target] or "") for target in targets), str(row.total()))
    totals = [sum(row[target] for row in by_point.values()) for target in targets]
    shown.add_row("all", *map(str, totals), str(kills.total()), end_section=True)
    text = StringIO()
    console = Console(file=text, width=150)
    console.print(shown)
    books = [each.books for each in played]
    wrong = sum(len(each.wrong) for each in played)
    console.print(
        f"{kills.total()} kills in {len(played)} rounds and {seconds:.0f} s "
        f"({missed.total()} more runs ended before their kill). "
        f"{sum(b.deliveries for b in books)} delivered, {sum(b.sent for b in books)} rows sent, "
        f"{sum(b.failed for b in books)} failed, {sum(b.in_doubt for b in books)} in doubt for the member, "
        f"{sum(b.settled for b in books)} settled by reading. Wrong: {wrong}."
    )
    return text.getvalue()
