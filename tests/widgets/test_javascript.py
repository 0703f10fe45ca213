"""Runs the JavaScript unit tests with node's own test runner."""

from pathlib import Path

HERE = Path(__file__).parent


def test_javascript_units(node):
    files = sorted((HERE / "js").glob("*.test.js"))
    report = node("--test", "--test-reporter=tap", *files)
    assert f"# tests {sum(file.read_text(encoding='utf-8').count('test(') for file in files)}\n" in report
    assert "# fail 0\n" in report
