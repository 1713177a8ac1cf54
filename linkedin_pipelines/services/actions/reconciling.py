"""After a restore, or a clock set back, the ledger may know less than happened: each kind makes it whole again.

Nothing new is done before that, so that neither an occasion nor a quota that was spent is spent again. What leaves no
trace to read counts as done as often as was allowed (`domain.quotas.usage_of_unknown_time`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from linkedin_pipelines.db import ledger
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.protocol import aftermath_of

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)


def reconcile(site_session: SiteSession) -> int:
    """Have every kind read what is unknown of an account that has to settle first, and let it act again.

    What cannot be read keeps the account where it is: it is tried again by the next run. The number of such things.

    Raises:
        StopSignError: the site stopped us.
        LeaseLostError: another run took the account over.
    """
    account = get_account(site_session.database, site_session.account.slug)
    if account.settle_first_since is None or site_session.may_act() is not None:
        return 0
    unread = sum(aftermath_of(kind).reconcile(site_session) for kind in list(ACTION_KINDS.values()))
    if unread == 0:
        lease = site_session.keeper.renew()
        with site_session.database.writing() as session:
            ledger.end_settle_first(session, lease, site_session.clock.now())
        log.info("account_reconciled", account_id=account.id)
    return unread
