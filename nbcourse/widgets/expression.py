"""Reads expressions such as ``(w*x + b - y)^2`` into a computational graph, as ``js/expression.js`` does.

Numbers, names, ``+ - * / ^`` (also ``**``), parentheses, and the functions of `FUNCTIONS`. A name that stands
twice is one node; everything else is a node for each time that it is written.
"""

import re
from dataclasses import dataclass

FUNCTIONS = ("abs", "cos", "exp", "log", "relu", "sigmoid", "sin", "sqrt", "tanh")
MOST_NODES = 24
_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z]\w*)|(\*\*|[-+*/^()]))")


class ExpressionError(ValueError):
    """The text is not an expression; the message says what was expected, and where."""


@dataclass(frozen=True)
class Node:
    """One node: `kind` is "number", "name", an operator or a function; `parents` are numbers of nodes.

    `text` is what was written, `value` the number of a number.
    """

    kind: str
    parents: tuple[int, ...]
    text: str
    value: float = 0.0


def parse(text: str) -> list[Node]:
    """Return the nodes of an expression, parents first, the result last; raises ExpressionError."""
    reader = _Reader(text)
    if reader.kind is None:
        raise ExpressionError("expected an expression, got nothing")
    reader.sum()
    if reader.kind is not None:
        raise reader.expected("an operator or the end")
    if len(reader.nodes) > MOST_NODES:
        raise ExpressionError(f"expected at most {MOST_NODES} nodes, got {len(reader.nodes)}")
    return reader.nodes


class _Reader:
    """Recursive descent: sum → product → sign → power → atom. Each method returns (node, start, end)."""

    def __init__(self, text):
        self.text, self.nodes, self.names, self.end, self.depth = text, [], {}, 0, 0
        self.next()

    def next(self):
        self.before = self.end
        match = _TOKEN.match(self.text, self.end)
        if match:
            self.kind = ("number", "name", "sign")[match.lastindex - 1]
            self.token, self.start, self.end = (
                match[match.lastindex],
                match.start(match.lastindex),
                match.end(),
            )
        elif self.text[self.end :].strip():
            self.start = self.end + len(self.text[self.end :]) - len(self.text[self.end :].lstrip())
            self.token = self.text[self.start]
            raise self.expected("a number, a name or an operator")
        else:
            self.kind, self.token, self.start = None, "the end", len(self.text)

    def expected(self, what):
        found = self.token if self.token == "the end" else f"'{self.token}'"
        return ExpressionError(f"expected {what} at place {self.start + 1}, got {found}")

    def add(self, kind, parents, start, end, value=0.0):
        self.nodes.append(Node(kind, tuple(parents), self.text[start:end].strip(), value))
        return len(self.nodes) - 1, start, end

    def sum(self):
        return self.chain(self.product, ("+", "-"))

    def product(self):
        return self.chain(self.sign, ("*", "/"))

    def chain(self, part, operators):
        left = part()
        while self.kind == "sign" and self.token in operators:
            kind = self.token
            self.next()
            right = part()
            left = self.add(kind, (left[0], right[0]), left[1], right[2])
        return left

    def sign(self):
        if self.kind == "sign" and self.token == "-":
            start = self.start
            self.next()
            inner = self.sign()
            return self.add("negative", (inner[0],), start, inner[2])
        return self.power()

    def power(self):
        base = self.atom()
        if self.kind == "sign" and self.token in ("^", "**"):
            self.next()
            exponent = self.sign()
            return self.add("^", (base[0], exponent[0]), base[1], exponent[2])
        return base

    def atom(self):
        kind, token, start = self.kind, self.token, self.start
        if kind == "number":
            self.next()
            return self.add("number", (), start, self.before, float(token))
        if kind == "name":
            self.next()
            return self.call(token, start) if self.token == "(" else self.name(token, start)
        if token == "(":
            return self.brackets()
        raise self.expected("a number, a name or '('")

    def name(self, token, start):
        if token in FUNCTIONS:
            raise self.expected(f"'(' after {token}")
        if token not in self.names:
            self.names[token] = self.add("name", (), start, self.before)[0]
        return self.names[token], start, self.before

    def call(self, token, start):
        if token not in FUNCTIONS:
            raise ExpressionError(f"expected a function, one of {', '.join(FUNCTIONS)}; got '{token}'")
        inner, _, end = self.brackets()
        return self.add(token, (inner,), start, end)

    def brackets(self):
        start = self.start
        self.depth += 1
        if self.depth > MOST_NODES:
            raise ExpressionError(f"expected at most {MOST_NODES} brackets inside each other, got more")
        self.next()
        inner = self.sum()
        if self.token != ")":
            raise self.expected("')'")
        self.next()
        self.depth -= 1
        return inner[0], start, self.before
