"""Pages of what the product holds, for programs that read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import Contact, ContactMoment, Interaction
from linkedin_pipelines.db.reporting import keyset
from linkedin_pipelines.db.reporting import listings as rows
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.listings import cursors
from linkedin_pipelines.services.listings.views import (
    BirthdayView,
    CampaignView,
    ContactView,
    InteractionView,
    InvitationView,
    ListView,
    MomentView,
    ProfileView,
    View,
)

T = TypeVar("T", bound=BaseModel)
V = TypeVar("V", bound=View)


class Page(BaseModel, Generic[T]):
    """Some items of a listing."""

    items: list[T]
    next_cursor: str | None
    """Ask again with it, and with the same filters, for the next page; null on the last one."""


class Listings:
    """The read API's use cases over one database."""

    def __init__(self, database: Database, key: bytes) -> None:
        """Take the database, and the key that cursors are signed with."""
        self._database = database
        self._key = key

    def contacts(
        self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]
    ) -> Page[ContactView]:
        """Contacts, oldest row first."""
        query = rows.contacts(self._id_of(account), **filters)
        return self._page("contacts", query, rows.CONTACTS, cursor, limit, account, filters, _each(_contact))

    def birthdays(
        self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]
    ) -> Page[BirthdayView]:
        """Contacts with a birthday, oldest row first."""
        query = rows.birthdays(self._id_of(account), **filters)
        return self._page("birthdays", query, rows.CONTACTS, cursor, limit, account, filters, _each(_birthday))

    def interactions(
        self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]
    ) -> Page[InteractionView]:
        """The ledger, newest row first."""
        query = rows.interactions(self._id_of(account), **filters)
        return self._page(
            "interactions", query, rows.INTERACTIONS, cursor, limit, account, filters, _each(_interaction)
        )

    def invitations(
        self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]
    ) -> Page[InvitationView]:
        """Sent invitations, newest row first."""
        query = rows.invitations(self._id_of(account), **filters)
        return self._page(
            "invitations", query, rows.INVITATIONS, cursor, limit, account, filters, _each(_row_of(InvitationView))
        )

    def profiles(
        self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]
    ) -> Page[ProfileView]:
        """Profiles that visits read, oldest row first."""
        query = rows.profiles(self._id_of(account), **filters)
        return self._page(
            "profiles", query, rows.PROFILES, cursor, limit, account, filters, _each(_row_of(ProfileView))
        )

    def moments(
        self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]
    ) -> Page[MomentView]:
        """Work anniversaries and new jobs, newest row first."""
        query = rows.moments(self._id_of(account), **filters)
        return self._page("moments", query, rows.MOMENTS, cursor, limit, account, filters, _each(_moment))

    def lists(self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]) -> Page[ListView]:
        """Birthday lists, newest day first."""
        query = rows.lists(self._id_of(account), **filters)
        return self._page("lists", query, rows.LISTS, cursor, limit, account, filters, _lists)

    def campaigns(
        self, cursor: str | None, limit: int, account: str | None, filters: Mapping[str, Any]
    ) -> Page[CampaignView]:
        """Lists with their approvals and attempts, newest day first."""
        query = rows.lists(self._id_of(account), **filters)
        return self._page("campaigns", query, rows.LISTS, cursor, limit, account, filters, _campaigns)

    def _id_of(self, account: str | None) -> int | None:
        return None if account is None else get_account(self._database, account, retired=True).id

    def _page(
        self,
        listing: str,
        query: Any,
        order: keyset.Order,
        cursor: str | None,
        limit: int,
        account: str | None,
        filters: Mapping[str, Any],
        view: Callable[[Session, Sequence[Any]], list[T]],
    ) -> Page[T]:
        bound = {"account": account, **filters}
        after = order.position(cursors.decode(self._key, listing, bound, cursor)) if cursor is not None else None
        with self._database.reading() as session:
            found = keyset.page(session, query, order, after, limit)
            items = view(session, found.rows)
        following = cursors.encode(self._key, listing, bound, found.next) if found.next is not None else None
        return Page(items=items, next_cursor=following)


def _each(view: Callable[..., T]) -> Callable[[Session, Sequence[Any]], list[T]]:
    return lambda _session, found: [view(*row) for row in found]


def _row_of(kind: type[V]) -> Callable[..., V]:
    """The view of a row whose columns have the names of its fields."""

    def view(row: object, account: str, *_position: object) -> V:
        own = {name: getattr(row, name) for name in kind.model_fields if name != "account"}
        return kind.model_validate({**own, "account": account})

    return view


def _contact(contact: Contact, account: str, *_position: object) -> ContactView:
    return ContactView(
        id=contact.id,
        account=account,
        full_name=contact.full_name,
        profile_slug=contact.profile_slug,
        status=contact.status,
        company=contact.company,
        position=contact.position,
        connected_on=contact.connected_on,
        do_not_contact=contact.do_not_contact_since is not None,
        created_at=contact.created_at,
    )


def _birthday(contact: Contact, account: str, *_position: object) -> BirthdayView:
    return BirthdayView.model_validate(
        {
            "contact_id": contact.id,
            "account": account,
            "full_name": contact.full_name,
            "profile_slug": contact.profile_slug,
            "month": contact.birth_month,
            "day": contact.birth_day,
            "year": contact.birth_year,
            "source": contact.birthday_source,
            "disputed": contact.birthday_disputed,
        }
    )


def _interaction(row: Interaction, contact: Contact, account: str, *_position: object) -> InteractionView:
    own = {name: getattr(row, name) for name in InteractionView.model_fields if hasattr(row, name)}
    return InteractionView.model_validate({**own, "account": account, "full_name": contact.full_name})


def _moment(row: ContactMoment, contact: Contact, account: str, *_position: object) -> MomentView:
    own = {name: getattr(row, name) for name in MomentView.model_fields if hasattr(row, name)}
    of_contact = {"full_name": contact.full_name, "profile_slug": contact.profile_slug}
    return MomentView.model_validate({**own, **of_contact, "account": account})


def _lists(session: Session, found: Sequence[Any]) -> list[ListView]:
    counts = rows.entry_counts(session, [row.id for row, *_ in found])
    return [
        ListView(
            id=row.id,
            account=account,
            list_date=row.list_date,
            content_hash=row.content_hash,
            built_at=row.built_at,
            entries={outcome: counts[row.id][outcome] for outcome in EntryOutcome},
        )
        for row, account, *_ in found
    ]


def _campaigns(session: Session, found: Sequence[Any]) -> list[CampaignView]:
    lists = [row for row, *_ in found]
    entries = rows.entry_counts(session, [row.id for row in lists])
    approvals, attempts = rows.approvals(session, lists), rows.outcome_counts(session, lists)
    return [
        CampaignView(
            list_id=row.id,
            account=account,
            list_date=row.list_date,
            approved_at=approvals[row.id].approved_at if row.id in approvals else None,
            approved_by=approvals[row.id].approved_by if row.id in approvals else None,
            entries={outcome: entries[row.id][outcome] for outcome in EntryOutcome},
            attempts={status: attempts[row.id][status] for status in InteractionStatus},
        )
        for row, account, *_ in found
    ]
