"""The plan of kills names steps that a run can reach; a kill at any other step would never be struck."""

from __future__ import annotations

import ast

from linkedin_pipelines_tests.checkout import PROJECT_ROOT
from linkedin_pipelines_tests.torture.plan import AROUND_THE_CLICK, DOUBT_STEPS, STEPS

TRANSACTIONS = {step.split(":")[0] for step in (*STEPS, *DOUBT_STEPS, *AROUND_THE_CLICK) if "commit" in step}


def writing_functions() -> set[str]:
    """The product's functions that open a writing transaction, as the harness names them."""
    found = set()
    for path in (PROJECT_ROOT / "linkedin_pipelines" / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and "database.writing" in ast.unparse(node):
                found.add(f"{path.stem}.{node.name.strip('_')}")
    return found


def test_each_transaction_that_a_kill_is_planned_at_exists() -> None:
    assert TRANSACTIONS - writing_functions() == set()
