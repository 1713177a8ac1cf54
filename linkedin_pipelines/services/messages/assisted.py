"""A message that the member sends with their own press, between its announcement and its proof.

What belongs here: writing it in front of the member, and what became of it. What does not: how long the press is waited
for (`services.actions.members_press`), how it is seen (`browser`), and what a message says (its kind's own module).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from linkedin_pipelines.domain.messaging import Composer, ThreadEvent
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.threads import ClickFate, fate_of_click, own_events, reworded
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import PageUnreadableError, WrongPersonError
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal, outcome_of
from linkedin_pipelines.services.actions.doubts import ABSENCE_AFTER
from linkedin_pipelines.services.actions.members_press import MembersPress

if TYPE_CHECKING:
    from linkedin_pipelines.services.messages.written import WrittenMessage

_DAY = timedelta(days=1)
"""A page may count days in another zone than the account's."""


def let_member_send(message: WrittenMessage, composer: Composer, attempt: Attempt, press: MembersPress) -> None:
    """Write the announced text, wait for the member's own press, and see its proof.

    Raises:
        Refusal: it was not sent, for certain; or it was, with other words; or nobody knows (`in_doubt`).
        SiteError: nobody knows, since the conversation can no longer be read.
    """
    since = max(message.today - _DAY, message.reads_since)
    why = deferred(Reason.NOT_PRESSED, "You closed the conversation, and no message of yours came into it.")
    said: str | None = None
    try:
        message.write(composer, attempt)
        said = composer.wait_for_press(since, message.before, press.goes_on)
    except Refusal as refusal:
        why = refusal.outcome
    except (PageUnreadableError, WrongPersonError) as error:
        attempt.add_screenshot(error.evidence or composer.screenshot("unreadable", refusal=True))
        why = outcome_of(error, InteractionStatus.FAILED)
    if said is None:
        event = _taken_back(message, composer, attempt, press, press.ended_by or why)
    else:
        event = composer.proof(said if reworded(said, message.body) else message.body, message.before)
    if event is None:
        attempt.screenshot(composer, "unproven", refusal=True)
        text = "A message of yours came into the conversation, but not, for certain, this one."
        raise Refusal(Outcome(InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN, text))
    message.note_sent(composer, attempt, event)
    if reworded(event.text, message.body):
        attempt.words = event.text
        text = "You sent other words than the approved ones; those that went out are kept."
        raise Refusal(Outcome(InteractionStatus.SENT, None, text))


def _taken_back(
    message: WrittenMessage, composer: Composer, attempt: Attempt, press: MembersPress, why: Outcome
) -> ThreadEvent | None:
    """Empty the editor, then read whether the message was sent all the same; it, or None if nobody can tell.

    Raises:
        Refusal: it was not sent, for certain: `why`.
    """
    composer.close()
    press.let_arrive(ABSENCE_AFTER)
    events = composer.read_again()
    fate, event = fate_of_click(events, message.body, local_day(press.begun, message.zone), own_events(message.before))
    if fate is ClickFate.ABSENT:
        attempt.screenshot(composer, "not-sent")
        attempt.clicked = False
        attempt.held_back = True
        raise Refusal(why)
    return event if event is not None and event.sent_on is not None and not event.wordless else None
