"""Several who do the same at once: the sensor and the command line, a schedule and a launch by hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

from linkedin_pipelines.services.accounts.registry import account_changes, apply_accounts, list_accounts
from linkedin_pipelines.services.birthdays.approvals import approve, approved_messages
from linkedin_pipelines.services.birthdays.lists import build_list, read_list
from linkedin_pipelines_tests.builders import account_config, an_account, contacts

TODAY = date(2026, 3, 18)
WORKERS = 4


def at_once(work):
    """What `work(number)` returned for each of several threads; an error of any is raised."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_an_accounts_file_applied_by_several_at_once_creates_each_account_once(database, clock):
    configs = [account_config(f"account-{number}") for number in range(5)]
    applied = at_once(lambda number: apply_accounts(database, clock, configs, f"cli:{number}"))
    assert sorted(len(each.created) for each in applied) == [0, 0, 0, 5]
    assert len(list_accounts(database)) == 5
    assert all(len(account_changes(database, config.slug)) == 1 for config in configs)


def test_a_list_built_and_approved_by_several_at_once_is_one_list_with_one_approval(database, clock):
    contacts(database, an_account(database), [f"person-{letter}" for letter in "abcdefgh"])

    def work(number: int):
        view = build_list(database, clock, "demo", TODAY, f"run-{number}")
        return view, approve(database, clock, "demo", TODAY, "schedule", f"run-{number}")

    done = at_once(work)
    assert len({view.content_hash for view, _ in done}) == 1
    assert len({approval.run_id for _, approval in done}) == 1
    assert len(read_list(database, "demo", TODAY).entries) == 8
    assert len(approved_messages(database, "demo", TODAY).messages) == 8
