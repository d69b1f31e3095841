"""Each row has a test, or a reason why it has none."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.attacks.rows import PARTS, ROWS

TESTS = Path(__file__).resolve().parents[1]
OPERATIONS = TESTS.parent / "docs" / "operations.md"


def named(path: Path) -> set[str]:
    """The rows that the tests of a file name: arguments of `pytest.mark.attack`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.attack":
            found |= {str(ast.literal_eval(one)) for one in node.args}
    return found


def test_each_row_has_a_test_or_a_reason() -> None:
    shown = set().union(*map(named, TESTS.rglob("test_*.py")))
    assert shown <= set(ROWS), "a test names a row that is not there"
    text = OPERATIONS.read_text(encoding="utf-8")
    for row in ROWS.values():
        if row.id not in shown:
            assert row.exception is not None, f"nothing shows {row.id}"
            assert row.exception in text


def test_no_two_rows_have_one_name() -> None:
    assert len(ROWS) == sum(map(len, PARTS.values()))
