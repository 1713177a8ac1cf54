"""What we send is recognised when it is read back from a thread."""

from __future__ import annotations

from linkedin_pipelines.domain.phrases import is_stop_request
from linkedin_pipelines.domain.wishes import is_own_wish
from linkedin_pipelines.domain.wording_files import built_in_wordings


def test_every_built_in_wording_is_recognised_as_a_wish_and_none_as_a_request_to_stop() -> None:
    templates = [each for every in built_in_wordings().templates.values() for each in every]
    assert len(templates) > 40
    texts = {each.key: each.render("Jo" if each.has_name else None) for each in templates}
    assert [key for key, text in texts.items() if not is_own_wish(text)] == []
    assert [key for key, text in texts.items() if is_stop_request(text)] == []
