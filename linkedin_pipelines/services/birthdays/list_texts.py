"""The words of a list: kept where they were chosen, approved or tried before, chosen anew where they were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from linkedin_pipelines.db.birthdays import lists as rows
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.eligibility import Day
from linkedin_pipelines.domain.occasions import Occurrence
from linkedin_pipelines.domain.outcomes import Outcome, skipped
from linkedin_pipelines.domain.states import OCCUPYING, InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.domain.windows import day_start
from linkedin_pipelines.domain.wording import OWN_TEXT, Spoken, Template, Wordings, choose

Key = tuple[int, int]
"""Contact and occurrence year."""


@dataclass(frozen=True)
class MessageText:
    """A chosen text."""

    template: str
    body: str


@dataclass(frozen=True)
class Case:
    """One person and birthday under consideration."""

    contact: rows.ListContact
    occurrence: Occurrence
    wishes: Sequence[rows.Wish]
    """All birthday rows of the ledger for this person, oldest first."""
    first_name: str | None
    seed: str

    @cached_property
    def key(self) -> Key:
        return self.contact.id, self.occurrence.year


class ListTexts:
    """Finds the words for the people of one list, within its transaction."""

    def __init__(self, session: Session, account_id: int, config: AccountConfig, day: Day, wordings: Wordings) -> None:
        self._session = session
        self._account_id = account_id
        self._config = config
        self._day = day
        self._wordings = wordings
        self._fitting: dict[tuple[str, bool], tuple[Template, ...]] = {}

    def before(self, entries: Sequence[rows.EntryRow]) -> dict[Key, MessageText]:
        """Texts of the list as it was: who was to get them shall still get them."""
        return {
            (entry.contact_id, entry.occurrence_year): MessageText(entry.template, entry.body)
            for entry in entries
            if entry.body is not None and entry.template is not None
        }

    @staticmethod
    def written(words: Mapping[Key, str]) -> dict[Key, MessageText]:
        """The member's own words for people of this list."""
        return {key: MessageText(OWN_TEXT, text) for key, text in words.items()}

    def approved(self) -> dict[Key, MessageText]:
        """Texts of the latest approval. Somebody who only has to wait stays part of what it covers."""
        return {
            (message.contact_id, message.occurrence_year): MessageText(message.template, message.body)
            for approval in rows.approvals_of(self._session, self._account_id, self._day.list_date)[-1:]
            for message in approval.content.messages
        }

    def attempted(self, cases: Sequence[Case]) -> dict[Key, MessageText]:
        """Texts that an attempt of this very list was made with, by occasion."""
        return {
            case.key: MessageText(row.template, row.body)
            for case in cases
            for row in case.wishes
            if row.occurrence_year == case.occurrence.year
            and row.list_date == self._day.list_date
            and row.origin is InteractionOrigin.CAMPAIGN
            and row.status in {*OCCUPYING, InteractionStatus.FAILED}
            and row.body is not None
            and row.template is not None
        }

    def kept_for(
        self, waiting: Sequence[Case], kept: Mapping[Key, MessageText], attempted: Mapping[Key, MessageText]
    ) -> dict[Key, MessageText]:
        """The texts already chosen for those who wait, as far as they suit."""
        chosen = ((case, kept.get(case.key) or attempted.get(case.key)) for case in waiting)
        right = ((case.key, self._still_right(case, words)) for case, words in chosen)
        return {key: words for key, words in right if words is not None}

    def choose_for(
        self, ready: Sequence[Case], kept: Mapping[Key, MessageText], attempted: Mapping[Key, MessageText]
    ) -> dict[Key, MessageText]:
        """The texts `kept`, and a new one, unlike them, for each case that has none among them."""
        midnight = day_start(self._day.today, self._config.zone)
        today = Counter(
            rows.templates_chosen_today(self._session, self._account_id, self._day.list_date, self._day.today, midnight)
        )
        chosen = dict(kept)
        today.update(words.template for words in {**attempted, **kept}.values())
        for case in ready:
            if case.key in chosen:
                continue
            spoken = Spoken(self._said_to(case), today)
            template = choose(self._templates(case), case.first_name, spoken, case.seed)
            if template is not None:
                chosen[case.key] = MessageText(template.key, template.render(case.first_name))
                today[template.key] += 1
        return chosen

    def why_none(self, case: Case) -> Outcome | None:
        """The verdict on somebody for whom there are no words; None if there are some."""
        templates = self._templates(case)
        if any(template.suits(case.first_name) for template in templates):
            return None
        if templates:
            text = "No first name that is surely one, and no wish that does without."
            return skipped(Reason.NO_SAFE_NAME, text)
        language = case.contact.language or self._config.language
        known = ", ".join(self._wordings.languages)
        return skipped(Reason.NO_TEMPLATE, f"There are no wishes in {language!r}, only in {known}.")

    def _templates(self, case: Case) -> tuple[Template, ...]:
        late = case.occurrence.days_late(self._day.sending_day) > 0
        language = case.contact.language or self._config.language
        if (found := self._fitting.get((language, late))) is None:
            found = self._fitting[language, late] = self._wordings.of(language, late=late)
        return found

    def _still_right(self, case: Case, words: MessageText | None) -> MessageText | None:
        """The words chosen before, with the name as it is now; None if the template went or no longer suits."""
        if words is None or words.template == OWN_TEXT:
            return words
        template = next((each for each in self._templates(case) if each.key == words.template), None)
        if template is None or not template.suits(case.first_name):
            return None
        return MessageText(template.key, template.render(case.first_name))

    def _said_to(self, case: Case) -> list[str]:
        """What this person was, or may have been, sent before: templates and texts, oldest first."""
        said = [row for row in case.wishes if row.status in OCCUPYING]
        return [text for row in said for text in (row.template, row.body) if text is not None]
