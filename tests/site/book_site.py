"""Where the built book lies, which pages it has, and a visit to one of them."""

from pathlib import Path

from nbcourse.site.toc import documents

ROOT = Path(__file__).parents[2]
HTML = ROOT / "_build" / "html"
PAGES = [name.removesuffix(".md").removesuffix(".ipynb") for name in documents(ROOT)]
READY = """() => {
  const figures = [...document.querySelectorAll(".nbc-figure")];
  if (!figures.every((figure) => figure.dataset.mounted)) return false;
  const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return document.fonts.ready.then(drawn).then(() => true); // wide formulas are marked
}"""


class Visit:
    """One page in the browser, and everything that went wrong while it loaded."""

    def __init__(self, context, url):
        self.page, self.url, self.problems, self.hosts = context.new_page(), url, [], set()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def __enter__(self):
        self.page.goto(self.url)
        if self.page.locator("html.js").count():  # else scripts are off, and nothing more will come
            self.page.wait_for_function(READY)
        return self

    def __exit__(self, *_):
        self.page.close()

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(f"console: {message.text}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED" or not request.url.endswith(
            "favicon.svg"
        ):  # left for a page
            self.problems.append(f"failed: {request.url}")

    def _response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")
