"""Quiz files: slips are named precisely; every quiz of the course is sound; content never becomes HTML."""

import ast
import copy
import json
import operator
from pathlib import Path

import pytest

from nbcourse.widgets import Quiz, quiz, quizfile

HERE = Path(__file__).parent
FILES = [*sorted(quizfile.FOLDER.glob("*.toml")), HERE / "example.toml"]
SIGNS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}


def arithmetic(expression):
    """Return the value of an expression of numbers and + - * / // % ** only."""

    def value(node):
        match node:
            case ast.Expression(body=body):
                return value(body)
            case ast.Constant(value=int() | float() as number):
                return number
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
                return SIGNS[type(sign)](value(left), value(right))
            case ast.UnaryOp(op=sign, operand=operand) if type(sign) in SIGNS:
                return SIGNS[type(sign)](value(operand))
        raise ValueError(f"expected arithmetic of numbers, got {ast.unparse(node)!r} in {expression!r}")

    return value(ast.parse(expression, mode="eval"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_quiz_is_sound(path):
    for question in quizfile.load(path.stem, path.parent):
        if "verify" in question:
            error = abs(arithmetic(question["verify"]) - question["answer"])
            assert error <= max(question.get("tolerance", 0), 1e-12), question["id"]


@pytest.mark.parametrize("expression", ["__import__('os')", "x + 1", "(1).real", "'a' * 3", "[1][0]"])
def test_verify_is_arithmetic_only(expression):
    with pytest.raises(ValueError, match="expected arithmetic"):
        arithmetic(expression)


SLIPS = [
    (
        "line",
        {"kind": "multiple"},
        r"question 'line', field 'kind': .*single, several or numeric, got 'multiple'",
    ),
    ("line", {"kind": ["single"]}, r"field 'kind': expected .*, got \['single'\]"),
    ("line", {"text": ""}, "question 'line', field 'text': expected a text, got an empty one"),
    ("line", {"text": None}, "field 'text': expected a text, but it is missing"),
    ("line", {"text": "one ` alone"}, "expected every ` to have its partner"),
    ("line", {"answer": 3}, "question 'line': unexpected field 'answer'"),
    ("line", {"explanation": 3}, "field 'explanation': expected a text, got 3"),
    ("line", {"choise": []}, "unexpected field 'choise'.*did you mean 'choice'"),
    ("line", {"choice": []}, "field 'choice': expected at least 2 choices, got 0"),
    ("line", {"choice": ["a", "b"]}, "choice 1: expected a table, got 'a'"),
    ("line", {"id": "xor"}, "question 'xor', field 'id': expected an id that no other question has"),
    ("params", {"answer": "many"}, "question 'params', field 'answer': expected a finite number, got 'many'"),
    ("params", {"answer": True}, "expected a finite number, got True"),
    ("params", {"answer": float("nan")}, "expected a finite number, got nan"),
    ("params", {"tolerance": -1}, "field 'tolerance': expected a number of at least 0, got -1"),
    ("params", {"explanation": None}, "field 'explanation': expected a text, but it is missing"),
    ("params", {"hints": [{"value": 101770, "text": "x"}]}, "hint 1, field 'value': expected a wrong answer"),
    ("params", {"hints": [{"value": 1}]}, "hint 1, field 'text': expected a text, but it is missing"),
    ("params", {"hints": [3]}, "hint 1: expected"),
    ("params", {"nudge": 3}, "question 'params', field 'nudge': expected a text, got 3"),
    ("params", {"nudge": " "}, "field 'nudge': expected a text, got an empty one"),
    ("line", {"nudge": "think"}, "question 'line': unexpected field 'nudge'"),
]


@pytest.mark.parametrize("name, change, message", SLIPS)
def test_slips_are_named(example, name, change, message):
    questions = copy.deepcopy(example)
    question = next(one for one in questions if one["id"] == name)
    for key, value in change.items():
        question.pop(key) if value is None else question.update({key: value})
    with pytest.raises(quizfile.QuizError, match=message):
        quizfile.validate("example", questions)


def test_slips_in_choices_are_named(example):
    questions = copy.deepcopy(example)
    questions[0]["choice"][1]["correct"] = True
    with pytest.raises(
        quizfile.QuizError, match="'line', field 'choice': expected exactly 1 correct choice, got 2"
    ):
        Quiz("example", questions)
    questions[0]["choice"][1].update(correct="no")
    with pytest.raises(
        quizfile.QuizError, match="choice 2, field 'correct': expected true or false, got 'no'"
    ):
        Quiz("example", questions)
    questions = copy.deepcopy(example)
    for choice in questions[1]["choice"]:
        choice["correct"] = False
    with pytest.raises(quizfile.QuizError, match="'xor', field 'choice': expected at least 1 correct"):
        Quiz("example", questions)
    questions[1]["choice"][0].update(correct=True, text="OR")
    with pytest.raises(quizfile.QuizError, match="different texts, got 'OR' twice"):
        Quiz("example", questions)


def test_a_wrong_number_is_never_left_without_a_word(example):
    question = {key: value for key, value in example[2].items() if key != "nudge"}
    with pytest.raises(quizfile.QuizError, match="field 'nudge': expected a text, but it is missing"):
        quizfile.validate("example", [question])


@pytest.mark.parametrize("questions", [[], None, ["a"]])
def test_a_quiz_needs_questions(questions):
    with pytest.raises(quizfile.QuizError, match="quiz 'empty'"):
        quizfile.validate("empty", questions)


def test_unknown_name_gets_the_nearest():
    with pytest.raises(quizfile.QuizError, match="unknown quiz 'exampel': did you mean 'example'"):
        quizfile.load("exampel", HERE)
    with pytest.raises(quizfile.QuizError, match="unknown quiz 'zzz': known quizzes: "):
        quiz("zzz")


def test_files_that_are_no_quiz(tmp_path):
    (tmp_path / "torn.toml").write_text("[[question]\n", encoding="utf-8")
    (tmp_path / "other.toml").write_text("title = 'x'\n", encoding="utf-8")
    with pytest.raises(quizfile.QuizError, match=r"quiz 'torn': torn.toml is not valid TOML: .*line 1"):
        quizfile.load("torn", tmp_path)
    with pytest.raises(
        quizfile.QuizError, match=r"quiz 'other': expected only \[\[question\]\], got 'title'"
    ):
        quizfile.load("other", tmp_path)


def test_still_shows_questions_with_folded_answers_and_no_markup_of_content(example):
    still = Quiz("example", example).still()
    assert still.count("<details") == 3
    assert "<details open" not in still
    assert "101,770" in still
    assert "<em>single</em>" in still and "<code>w</code>" in still
    assert "&lt;b&gt;if&lt;/b&gt;" in still


MARKUP = [
    ("plain", [["text", "plain"]]),
    ("`a*b*c` and *x*.", [["code", "a*b*c"], ["text", " and "], ["em", "x"], ["text", "."]]),
    ("784*128 + 128*10", [["text", "784*128 + 128*10"]]),
    ("2 * 3 * 4", [["text", "2 * 3 * 4"]]),
    ("(*why*) <i>&", [["text", "("], ["em", "why"], ["text", ") <i>&"]]),
    ("`<b>`", [["code", "<b>"]]),
    (
        "*7 %* of 3 × 12 × 4, `5 % 3`: 2 %",
        [
            ["em", "7\N{NO-BREAK SPACE}%"],
            ["text", " of 3_×_12_×_4, ".replace("_", "\N{NO-BREAK SPACE}")],
            ["code", "5 % 3"],
            ["text", ": 2\N{NO-BREAK SPACE}%"],
        ],
    ),
    ("", []),
]


@pytest.mark.parametrize("text, expected", MARKUP)
def test_markup(text, expected):
    assert quizfile.pieces(text) == expected


def test_markup_is_the_same_in_javascript(node):
    script = "import('MODULE').then((m) => console.log(JSON.stringify(TEXTS.map(m.pieces))))"
    module = (Path(quizfile.__file__).parent / "js" / "markup.js").as_uri()
    texts = json.dumps([text for text, _ in MARKUP])
    found = json.loads(node("-e", script.replace("MODULE", module).replace("TEXTS", texts)))
    assert found == [expected for _, expected in MARKUP]
