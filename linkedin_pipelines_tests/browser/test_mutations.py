"""On pages changed at random, a message arrives right or is refused; `make mutations` plays many more."""

from __future__ import annotations

from linkedin_pipelines_tests.mutations.play import play_all

SEEDS = (*range(12), 1791)
"""Once through all generations and languages; and a page whose own message control shows no address, while one beside
it leads to somebody else, and the composer names its recipient by the number that this one bears."""


def test_a_changed_page_leads_to_the_right_delivery_or_a_refusal() -> None:
    played = list(play_all(SEEDS))
    wrong = {each.seed: each.wrong for each in played if each.wrong}
    assert wrong == {}, "again: python -m linkedin_pipelines_tests.mutations --only " + " ".join(map(str, wrong))
    assert sum(each.said == "sent" for each in played) >= 2, [(each.seed, each.why) for each in played]
