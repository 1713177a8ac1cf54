"""accounts.yaml, noticed when it is edited."""

import dagster as dg

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.orchestrator.partitions import accounts
from linkedin_pipelines.services.accounts.mirroring import mirror_file
from linkedin_pipelines.services.accounts.registry import list_accounts


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Mirrors accounts.yaml into the database and into the `account` partitions when it was edited on this machine, "
        "ten seconds after the last change. A wrong file "
        "changes nothing and fails this sensor, naming every wrong field with its line."
    ),
)
def accounts_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> dg.SensorResult | dg.SkipReason:
    """The file is the truth; partitions follow the database, so that one that was lost comes back."""
    path = linkedin.settings.accounts_file
    if not path.exists():
        return dg.SkipReason(f"There is no {path}. Copy accounts.example.yaml to it and fill in an account.")
    applied = mirror_file(linkedin.database, linkedin.settings, linkedin.clock, "sensor:accounts")
    wanted = {account.slug for account in list_accounts(linkedin.database)}
    present = set(context.instance.get_dynamic_partitions(accounts.name or ""))
    requests: list[dg.AddDynamicPartitionsRequest | dg.DeleteDynamicPartitionsRequest] = []
    if new := sorted(wanted - present):
        requests.append(accounts.build_add_request(new))
    if gone := sorted(present - wanted):
        requests.append(accounts.build_delete_request(gone))
    touched = [*applied.created, *applied.changed, *applied.retired] if applied else []
    if not touched and not requests:
        return dg.SkipReason(f"Nothing changed; {len(wanted)} accounts.")
    if applied:
        context.log.info(
            "Accounts created %s, changed %s, retired %s.", applied.created, applied.changed, applied.retired
        )
    return dg.SensorResult(dynamic_partitions_requests=requests)
