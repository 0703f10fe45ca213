// Reads expressions such as (w*x + b - y)^2 into a computational graph, as expression.py does.

export const GRAPH_FUNCTIONS = ["abs", "cos", "exp", "log", "relu", "sigmoid", "sin", "sqrt", "tanh"];
export const MOST_NODES = 24;
const TOKEN = /\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z]\w*)|(\*\*|[-+*/^()]))/y;

export class ExpressionError extends Error {}

// Nodes { kind, parents, text, value }, parents first, the result last; throws ExpressionError.
export function parse(text) {
  const reader = new Reader(text);
  if (reader.kind === null) throw new ExpressionError("expected an expression, got nothing");
  reader.sum();
  if (reader.kind !== null) throw reader.expected("an operator or the end");
  if (reader.nodes.length > MOST_NODES) throw new ExpressionError(`expected at most ${MOST_NODES} nodes, got ${reader.nodes.length}`);
  return reader.nodes;
}

// Recursive descent: sum → product → sign → power → atom. Each method returns [node, start, end].
class Reader {
  constructor(text) {
    Object.assign(this, { text, nodes: [], names: new Map(), end: 0, depth: 0 });
    this.next();
  }

  next() {
    this.before = this.end;
    TOKEN.lastIndex = this.end;
    const match = TOKEN.exec(this.text);
    const rest = this.text.slice(this.end);
    if (match) {
      const group = [1, 2, 3].find((i) => match[i] !== undefined);
      this.kind = ["number", "name", "sign"][group - 1];
      this.token = match[group];
      this.end = TOKEN.lastIndex;
      this.start = this.end - this.token.length;
    } else if (rest.trim()) {
      this.start = this.end + rest.length - rest.trimStart().length;
      this.token = [...this.text.slice(this.start)][0];
      throw this.expected("a number, a name or an operator");
    } else {
      Object.assign(this, { kind: null, token: "the end", start: this.text.length });
    }
  }

  expected(what) {
    const found = this.token === "the end" ? this.token : `'${this.token}'`;
    return new ExpressionError(`expected ${what} at place ${this.start + 1}, got ${found}`);
  }

  add(kind, parents, start, end, value = 0) {
    this.nodes.push({ kind, parents, text: this.text.slice(start, end).trim(), value });
    return [this.nodes.length - 1, start, end];
  }

  sum() {
    return this.chain(() => this.product(), ["+", "-"]);
  }

  product() {
    return this.chain(() => this.sign(), ["*", "/"]);
  }

  chain(part, operators) {
    let left = part();
    while (this.kind === "sign" && operators.includes(this.token)) {
      const kind = this.token;
      this.next();
      const right = part();
      left = this.add(kind, [left[0], right[0]], left[1], right[2]);
    }
    return left;
  }

  sign() {
    if (this.kind !== "sign" || this.token !== "-") return this.power();
    const start = this.start;
    this.next();
    const inner = this.sign();
    return this.add("negative", [inner[0]], start, inner[2]);
  }

  power() {
    const base = this.atom();
    if (this.kind !== "sign" || !["^", "**"].includes(this.token)) return base;
    this.next();
    const exponent = this.sign();
    return this.add("^", [base[0], exponent[0]], base[1], exponent[2]);
  }

  atom() {
    const { kind, token, start } = this;
    if (kind === "number") {
      this.next();
      return this.add("number", [], start, this.before, Number(token));
    }
    if (kind === "name") {
      this.next();
      return this.token === "(" ? this.call(token, start) : this.name(token, start);
    }
    if (token === "(") return this.brackets();
    throw this.expected("a number, a name or '('");
  }

  name(token, start) {
    if (GRAPH_FUNCTIONS.includes(token)) throw this.expected(`'(' after ${token}`);
    if (!this.names.has(token)) this.names.set(token, this.add("name", [], start, this.before)[0]);
    return [this.names.get(token), start, this.before];
  }

  call(token, start) {
    if (!GRAPH_FUNCTIONS.includes(token)) {
      throw new ExpressionError(`expected a function, one of ${GRAPH_FUNCTIONS.join(", ")}; got '${token}'`);
    }
    const [inner, , end] = this.brackets();
    return this.add(token, [inner], start, end);
  }

  brackets() {
    const start = this.start;
    this.depth += 1;
    if (this.depth > MOST_NODES) throw new ExpressionError(`expected at most ${MOST_NODES} brackets inside each other, got more`);
    this.next();
    const inner = this.sum();
    if (this.token !== ")") throw this.expected("')'");
    this.next();
    this.depth -= 1;
    return [inner[0], start, this.before];
  }
}
