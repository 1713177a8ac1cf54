"""However long a file is, an import holds the database's write lock for a bounded piece of work at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.services.contacts.imports import list_unmatched
from linkedin_pipelines_tests.builders import an_account
from linkedin_pipelines_tests.integration.imports.importing import NOW, birthdays, everything, import_text, imported
from linkedin_pipelines_tests.member_files import CONNECTIONS, connection, table, vcard, written

PEOPLE = [
    connection(
        f"Jo Doe{number}",
        f"jo-{number}" if number % 5 else "",
        company=f"Company {number}" if number % 2 else "",
        email_address=f"jo{number}@example.com" if number % 3 else "",
    )
    for number in range(6_000)
]
CARDS = "".join(vcard(f"Jo Doe{number}", "BDAY:1985-04-15") for number in range(3_000))


@dataclass
class Writes:
    """Rows that each writing transaction wrote, and the statements that inserted contacts."""

    transactions: list[int] = field(default_factory=list)
    inserts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    stop_at: Callable[[str], bool] = lambda _statement: False


@contextmanager
def watching() -> Iterator[Writes]:
    """Everything that is written while the block runs."""
    writes = Writes()

    def began(_connection: Any) -> None:
        writes.transactions.append(0)

    def executing(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            writes.transactions[-1] += len(parameters) if many else 1
            if statement.startswith('INSERT INTO "contacts"'):
                writes.inserts[statement] += 1
            if writes.stop_at(statement):
                raise KeyboardInterrupt

    event.listen(Engine, "begin", began)
    event.listen(Engine, "before_cursor_execute", executing)
    try:
        yield writes
    finally:
        event.remove(Engine, "begin", began)
        event.remove(Engine, "before_cursor_execute", executing)


@pytest.fixture
def account(sqlite: Database) -> Database:
    an_account(sqlite)
    return sqlite


def test_no_transaction_grows_with_the_file_and_a_batch_is_one_statement(account: Database, tmp_path: Path) -> None:
    """A batch was split wherever a column turned NULL: 975 statements for 40 batches, in one transaction of all."""
    people = table(CONNECTIONS, *PEOPLE)
    with watching() as writes:
        report = import_text(account, tmp_path, "Connections.csv", people)
        import_text(account, tmp_path, "book.vcf", CARDS)
    assert report.totals.contacts == 6_000
    assert len(birthdays(account)) == 3_000
    assert max(writes.transactions) <= 4 * 500
    assert len(writes.inserts) == 1
    assert sum(writes.inserts.values()) == 12
    with watching() as writes:
        import_text(account, tmp_path, "again.csv", people + "\r\n" + people.splitlines()[1])
    assert sum(writes.transactions) < 10


@pytest.mark.parametrize("at", ["INSERT INTO birthday_records", "UPDATE birthday_records", "UPDATE imports"])
def test_an_interrupted_import_is_taken_up_again_and_comes_to_the_same(
    account: Database, tmp_path: Path, at: str
) -> None:
    import_text(account, tmp_path, "Connections.csv", table(CONNECTIONS, *PEOPLE))
    with watching() as writes:
        writes.stop_at = lambda statement: statement.startswith(at)
        with pytest.raises(KeyboardInterrupt):
            import_text(account, tmp_path, "book.vcf", CARDS)
    assert not birthdays(account) or at != "UPDATE birthday_records"
    report = imported(account, tmp_path / "book.vcf")
    assert report.files[0].outcome == "imported"
    assert len(birthdays(account)) == 3_000
    before = everything(account)
    assert imported(account, tmp_path / "book.vcf").files[0].outcome == "already_imported"
    assert everything(account) == before


def test_nobody_is_matched_by_name_while_another_file_is_half_written(account: Database, tmp_path: Path) -> None:
    """The namesake may be in the other half; an hour later that import is over, however it ended."""
    with account.writing() as session:
        import_rows.begin_import(
            session, 1, file_name="x.csv", sha256="0" * 64, importer_version=1, kind=FileKind.CONNECTIONS, now=NOW
        )
    people = written(tmp_path / "Connections.csv", table(CONNECTIONS, connection("Ada Moss", "ada")))
    import_text(account, tmp_path, "book.vcf", vcard("Ada Moss", "BDAY:1985-04-15"))
    imported(account, people)
    assert birthdays(account) == {}
    assert "namesake" in list_unmatched(account, "demo")[0].reason
    imported(account, written(tmp_path / "more.vcf", vcard("Bo Roe", "BDAY:1985-04-15")), at=NOW + timedelta(hours=2))
    assert birthdays(account) == {"ada": [4, 15, 1985]}
