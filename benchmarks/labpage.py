"""A notebook that is open in JupyterLab: run it, look at what came out, use its figures and its quiz."""

import re
import time

from nbcourse.widgets import quizfile

LIMIT = 600  # seconds that all cells of a notebook may take
NOTEBOOK = "const notebook = jupyterapp.shell.currentWidget; const cells = [...notebook.content.model.cells];"
IS_OPEN = "() => jupyterapp?.shell?.currentWidget?.content?.model?.cells?.length > 0"
STATE = f"""() => {{ {NOTEBOOK}
  const code = cells.filter((cell) => cell.type === "code" && cell.sharedModel.getSource().trim());
  const outputs = code.flatMap((cell) => cell.outputs.toJSON());
  return {{
    kernel: notebook.context.sessionContext.session?.kernel?.status,
    cells: code.length,
    run: code.filter((cell) => cell.executionCount !== null).length,
    errors: outputs.filter((one) => one.output_type === "error").map((one) => one.ename + ": " + one.evalue),
    figures: outputs.filter((one) => one.data?.["application/vnd.jupyter.widget-view+json"]).length,
    images: outputs.filter((one) => one.data?.["image/svg+xml"] || one.data?.["image/png"]).length,
  }};
}}"""
# Directives that nobody turned into text: named as unknown, or in braces as they were typed.
RAW = """() => [...document.querySelectorAll(".jp-MarkdownCell .jp-MarkdownOutput, .jp-MarkdownCell .myst")]
  .flatMap((cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("code:not(pre code), .katex, mjx-container").forEach((part) => part.remove());
    const names = (text, pattern) => [...text.matchAll(pattern)].map((one) => one[1]);
    const unknown = names(cell.innerText, /([a-z:-]+) - Unknown (?:Directive|Role)/g);
    return [...unknown, ...names(copy.textContent, /\\{([a-z][a-z:-]+)\\}/g)];
  })"""
OWN = {"results", "study", "unmeasured"}  # the book's own: made when it is built
# All that a figure shows except for the values beside its sliders and the options of its lists.
SHOWN = """(root) => [
  ...[...root.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()),
  ...[...root.querySelectorAll("svg, img")].map((drawn) => drawn.outerHTML),
  ...[...root.querySelectorAll("*:not(output):not(option):not([role=status])")].flatMap((one) =>
    [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data)),
].join("\\n")"""
ASK = """async (expression) => {
  const { kernel } = jupyterapp.shell.currentWidget.context.sessionContext.session;
  const asked = kernel.requestExecute({ code: "", silent: true, user_expressions: { it: expression } });
  return JSON.stringify((await asked.done).content.user_expressions.it);
}"""
FIGURES_STATE = (
    "sorted(repr(w.state()) for w in __import__('ipywidgets').widgets.widget._instances.values() "
    "if hasattr(w, 'static_html')).__repr__().__hash__()"
)
REFERENCE = re.compile(r"Cross reference target was not found: (.+)")
ADVICE = re.compile(r'Linking ".+" to an implicit heading reference, best practice is .+')


class Notebook:
    """One notebook in the browser, and what the console said meanwhile."""

    def __init__(self, page, address, name):
        self.page, self.problems, self.references = page, [], set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.goto(f"{address}/lab/tree/{name}?reset", timeout=120_000)
        page.wait_for_function(IS_OPEN, timeout=120_000)
        page.wait_for_function(f"() => ({STATE})().kernel === 'idle'", timeout=120_000)

    def _console(self, message):
        lines = [line for line in message.text.splitlines() if not ADVICE.fullmatch(line)]
        found = [one[1] for line in lines if (one := REFERENCE.fullmatch(line))]
        self.references.update(found)  # on other pages, which JupyterLab does not read
        if message.type == "error" and len(found) < len(lines):
            self.problems.append(message.text)

    def run_all(self):
        """Choose Run, Run All Cells, and wait for the last one; return the state and the seconds."""
        start = time.monotonic()
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        while True:
            self.page.wait_for_timeout(500)
            state, seconds = self.page.evaluate(STATE), time.monotonic() - start
            ended = state["run"] == state["cells"] or state["errors"]
            if (ended and state["kernel"] == "idle") or seconds > LIMIT:
                return state, seconds

    def end_kernel(self):
        """End the notebook's kernel: it holds memory that the next one may need."""
        self.page.evaluate("() => jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")

    def raw(self):
        """Return the directives that are not shown as they should be, the book's own left out."""
        return sorted(set(self.page.evaluate(RAW)) - OWN)

    def figures(self):
        """Return the interactive figures that live in the page, quizzes left out."""
        roots = self.page.locator(".jp-OutputArea-output .nbc-root:not(.nbc-quiz)")
        return [roots.nth(index) for index in range(roots.count())]

    def use(self, figure):
        """Use the figure by keyboard and by mouse; return what answered: keyboard, mouse, kernel."""
        figure.scroll_into_view_if_needed()
        kernel, answered = self._state_in_kernel(), []
        for what, action in (("keyboard", press), ("mouse", click)):
            before = figure.evaluate(SHOWN)
            action(self.page, figure)
            if settles(self.page, lambda before=before: figure.evaluate(SHOWN) != before):
                answered.append(what)
        if settles(self.page, lambda: self._state_in_kernel() != kernel):
            answered.append("kernel")
        return answered

    def _state_in_kernel(self):
        return self.page.evaluate(ASK, FIGURES_STATE)

    def answer_quiz(self, name):
        """Give the right answers by mouse and keyboard; return (how many were called right, of how many)."""
        questions = quizfile.load(name)
        forms = self.page.locator(".nbc-quiz form.nbc-question")
        for index, question in enumerate(questions):
            answer_question(forms.nth(index), question)
        right = self.page.locator('.nbc-quiz form[data-status="right"]').count()
        return right, len(questions)


def press(page, figure):
    """Move the figure's first list or, without one, its first slider by an arrow key."""
    lists, sliders = figure.locator("select:enabled"), figure.locator("input[type=range]:enabled")
    control = (lists if lists.count() else sliders).first
    control.focus()
    page.keyboard.press("ArrowDown" if lists.count() else "ArrowRight")


def click(page, figure):
    """Click the figure's Step or its main button, else its last one, else a choice that is not chosen."""
    step = figure.get_by_role("button", name="Step", exact=True)
    main, last = figure.locator("button.nbc-primary").first, figure.locator("button:enabled").last
    choice = figure.locator("input[type=radio]:not(:checked)").first
    next(control for control in (step, main, last, choice) if control.count()).click()


def settles(page, condition, seconds=10):
    """Whether the condition comes true within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        page.wait_for_timeout(100)
    return False


def answer_question(form, question):
    """Give the right answer to one question and check it."""
    form.scroll_into_view_if_needed()
    if question["kind"] == "numeric":
        form.get_by_label("Your answer").fill(repr(question["answer"]))
    else:
        role = "radio" if question["kind"] == "single" else "checkbox"
        for index, choice in enumerate(question["choice"]):
            if choice["correct"]:
                form.get_by_role(role).nth(index).check(force=True)
    form.get_by_role("button", name="Check").press("Enter")
