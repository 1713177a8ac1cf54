"""Of a page that is shown to others its build stays and its people go."""

from __future__ import annotations

from linkedin_pipelines.domain.masking import mask_address, mask_markup, mask_snapshot, mask_text
from linkedin_pipelines.services.maintenance.evidence import is_of_interface

MARKUP = """
<html lang="en">
  <a class="msg-link" href="https://www.linkedin.com/in/jane-doe-1234/?miniProfileUrn=urn%3Ali%3AACoAAB" title="Jane">
    <img src="https://media.licdn.com/jane.png" alt="Jane Doe">
    Jane Doe &amp; 3 others
  </a>
  <button type="submit" aria-label="Send" id="jane-7">
    Send
  </button>
  <div role="textbox" contenteditable="true" aria-label="Write a message to Jane" aria-expanded="false">
    Liebe Jane, 42 Jahre!
  </div>
</html>
"""
SNAPSHOT = """- dialog "Jane Doe":
  - heading "Jane Doe" [level=2]
  - link "Jane":
    - /url: /in/jane-doe/?x=jane
  - text: Good to see you, Jane
  - button "Send" [disabled]
  - 'button "Message: Jane"': Jane
"""


def test_markup_keeps_what_the_program_reads_by_and_loses_everybody() -> None:
    masked = mask_markup(MARKUP, is_of_interface)
    for word in ("jane", "doe", "liebe", "acoaa", "42", "1234", "licdn"):
        assert word not in masked.lower()
    assert '<a class="msg-link" href="//xxx/in/xxx/?xxx=xxx"' in masked or "/in/xxx/" in masked
    assert '<button type="submit" aria-label="Send"' in masked
    assert 'role="textbox" contenteditable="true"' in masked
    assert 'aria-expanded="false"' in masked
    assert "xxx xxx &amp; 0 xxx" in masked


def test_a_snapshot_keeps_roles_depth_and_states() -> None:
    masked = mask_snapshot(SNAPSHOT, is_of_interface).splitlines()
    assert masked[:4] == [
        '- dialog "xxx xxx":',
        '  - heading "xxx xxx" [level=2]',
        '  - link "xxx":',
        "    - /url: /in/xxx/?xxx=xxx",
    ] or masked[3].startswith("    - /url: /in/xxx/?")
    assert masked[5] == '  - button "Send" [disabled]'
    assert "jane" not in "\n".join(masked).lower()


def test_what_cannot_be_understood_is_masked_whole() -> None:
    assert mask_text("Envoyer à Zoë Müller 12", lambda _: False) == "xxx xxx xxx xxx 0"
    assert mask_address("http://[jane") == "xxx"
    assert mask_address("javascript:jane()") == "xxx"
    assert "jane" not in mask_snapshot("  jane: 'unheard of'\n", is_of_interface)
