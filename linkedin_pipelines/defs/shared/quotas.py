"""How quotas are shown: a table of limits, each with a bar."""

from collections.abc import Iterable, Iterator, Mapping

from linkedin_pipelines.defs.shared.tables import column_schema
from linkedin_pipelines.services.figures.quotas import QuotaUse

QUOTA_COLUMNS = column_schema(
    kind=("string", "birthday_message, profile_visit, invitation_withdrawal or moment_message."),
    period=("string", "The time for which the limit holds."),
    bar=("string", "Used, of the limit."),
    left=("int", "What may still be done; less than the rest where kinds share a limit."),
)


def quota_rows(uses: Iterable[QuotaUse]) -> Iterator[Mapping[str, object]]:
    """The rows of `QUOTA_COLUMNS`."""
    for use in uses:
        yield {"kind": use.kind, "period": use.period, "bar": use.bar, "left": use.left}
