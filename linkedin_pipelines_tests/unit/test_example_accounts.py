"""The example that newcomers copy is right, whole, and says the defaults."""

from __future__ import annotations

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.templates import TEMPLATES

EXAMPLE = TEMPLATES / "accounts.example.yaml"


def test_the_example_can_be_applied_and_shows_the_defaults() -> None:
    [account] = load_accounts_file(EXAMPLE)
    bare = AccountConfig(
        slug=account.slug,
        display_name=account.display_name,
        profile_url=account.profile_url,
        timezone=account.timezone,
    )
    assert account == bare


def test_the_example_names_every_key() -> None:
    text = EXAMPLE.read_text()
    assert [key for key in AccountConfig.model_fields if f"{key}:" not in text] == []
