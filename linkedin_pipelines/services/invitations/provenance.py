"""Who sent an invitation, where the member says so: no page and no file tells."""

from __future__ import annotations

from collections.abc import Sequence

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.invitations import pending
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.invitations import Provenance
from linkedin_pipelines.errors import UnknownContactError
from linkedin_pipelines.services.accounts.registry import get_account


def mark(database: Database, account_slug: str, people: Sequence[str], provenance: Provenance) -> tuple[str, ...]:
    """Note who sent the invitations to these people, given by profile address or slug; their slugs.

    A later reading keeps it. Nothing is noted if anybody is not among those that wait.

    Raises:
        UnknownAccountError: there is no such account.
        UnknownContactError: no invitation to one of them waits.
    """
    account = get_account(database, account_slug)
    slugs = tuple(slug_of(person) or slug_of(f"/in/{person}") or person for person in people)
    with database.writing() as session:
        waiting = {each.slug for each in pending.pending(session, account.id)}
        if missing := [slug for slug in slugs if slug not in waiting]:
            raise UnknownContactError(f"no invitation of {account_slug} waits for {', '.join(missing)}")
        pending.sent_by(session, account.id, slugs, provenance)
    return slugs
