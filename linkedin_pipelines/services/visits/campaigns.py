"""A sourcing campaign of one account and day: the profiles that a search found, visited one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.contacts.people import ensure_people
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.services.actions.runs import KindRun
from linkedin_pipelines.services.visits.searches import read_list
from linkedin_pipelines.services.visits.visits import ProfileVisit, Sought


@dataclass(frozen=True)
class VisitEntry:
    """One person to visit."""

    contact_id: int
    slug: str
    full_name: str
    place: int
    sought: Sought


class VisitRun(KindRun):
    """One account's visits under way."""

    def planned(self) -> tuple[VisitEntry, ...]:
        """The people to visit now, in the order of the search: as many as the quotas have left.

        Raises:
            NotOnListError: nothing was searched on that day.
        """
        view = read_list(self._at.database, self._at.clock, self._at.account.slug, self._list_date)
        names = {entry.slug: entry.full_name for entry in view.planned}
        account_id = self._at.account.id
        with self._at.database.writing() as session:
            import_rows.lock_imports(session, account_id)
            # Only who is about to be visited becomes a contact, not everybody whom a search names.
            contacts = ensure_people(session, account_id, names, self._at.clock.now())
        depth = self.account.sourcing.depth
        return tuple(
            VisitEntry(
                contacts[entry.slug],
                entry.slug,
                entry.full_name,
                entry.place,
                Sought(contacts[entry.slug], entry.slug, view.search_id, view.criteria, depth),
            )
            for entry in view.planned
            if entry.slug in contacts
        )

    def deliver(self, entry: VisitEntry) -> Outcome:
        """Visit one person, or say why not.

        Raises:
            LeaseLostError, DatabaseUnavailableError: this run must not, or cannot, go on.
        """
        return self.carry(ProfileVisit(self._at, entry.sought, self._list_date))
