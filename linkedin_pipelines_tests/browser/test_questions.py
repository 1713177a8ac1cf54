"""How many questions one ordinary message asks the page: counted, since a count depends on no machine's speed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linkedin_pipelines_tests.bench.questions import counting
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import BRISK, JANE, TEXT, said

OF_A_MESSAGE = 30
"""All questions of a message but those of further looks: profile, composer, thread, text, press, proof, close."""
OF_A_LOOK = 1
"""Of one look more at what does not show yet what is waited for; a busy machine takes more of them."""


@pytest.mark.parametrize(
    "jane", [{}, {"thread": [said("me", "See you", date(2025, 3, 18))]}], ids=["first message", "known person"]
)
def test_a_message_asks_the_page_few_questions(stage: StageMaker, jane: dict[str, Any]) -> None:
    here = stage(jane=jane)
    with counting() as questions:
        assert here.wish() == TEXT
    looks = -(-questions.rested // BRISK.poll)
    assert here.deliveries() == [(JANE, TEXT)]
    assert questions.total - OF_A_LOOK * looks <= OF_A_MESSAGE, questions.by(3).most_common()
