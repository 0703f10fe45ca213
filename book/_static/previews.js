// What a link leads to beside it, for the pointer and for the keyboard: a term's definition, a reference's entry, an
// equation, and what else the page itself has: a figure, a table, a theorem, an exercise.
(function () {
  "use strict";
  const WAIT = 200; // milliseconds before it opens, and before it closes
  const LINKS = ".bd-article a.reference.internal:not(.solution > .admonition-title *)"; // that one stands under its exercise
  const PLACES = "div.math, figure, table, .proof, .exercise";
  const UNREAD = ".headerlink, .nbc-figure, label, button";
  const box = document.createElement("div");
  let [open, timer] = [null, 0];

  function show(link) {
    clearTimeout(timer);
    if (open === link) return;
    hide();
    open = link;
    const drawn = document.getElementById(`preview-${link.hash.slice(1)}`); // with formulas
    if (drawn) box.replaceChildren(drawn.content.cloneNode(true));
    else if (link.dataset.preview) box.textContent = link.dataset.preview;
    else box.replaceChildren(copied(placeOf(link)));
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    place();
  }

  const placeOf = (link) => (link.getAttribute("href").startsWith("#") ? document.getElementById(link.hash.slice(1)) : null);

  // A copy to read: no second place of its name, and nothing to press.
  function copied(target) {
    const copy = target.cloneNode(true);
    copy.removeAttribute("id");
    for (const part of copy.querySelectorAll(UNREAD)) part.remove();
    for (const part of copy.querySelectorAll("a, [tabindex]")) ["href", "tabindex"].forEach((name) => part.removeAttribute(name));
    return copy;
  }

  function hide() {
    clearTimeout(timer);
    open?.removeAttribute("aria-describedby");
    open = null;
    box.hidden = true;
    box.replaceChildren();
  }

  // Under the link, or above it where there is no room; never over the window's edge.
  function place() {
    if (!open) return;
    const link = open.getClientRects()[0] ?? open.getBoundingClientRect();
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    const left = Math.max(8, Math.min(link.left, document.documentElement.clientWidth - width - 8));
    const below = link.bottom + 6;
    const top = below + height < window.innerHeight ? below : link.top - height - 6;
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(8, top)}px`;
  }

  function soon(action, ...values) {
    clearTimeout(timer);
    timer = setTimeout(action, WAIT, ...values);
  }

  const linkOf = (target) => target.closest?.("a[data-preview]");

  document.addEventListener("DOMContentLoaded", () => {
    for (const link of document.querySelectorAll(LINKS)) {
      if (link.title || placeOf(link)?.matches(PLACES)) link.dataset.preview = link.title;
      link.removeAttribute("title"); // else the browser shows it a second time
    }
    box.id = "course-preview";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
    document.body.append(box);
    document.addEventListener("mouseover", ({ target }) => {
      if (box.contains(target)) clearTimeout(timer); // whoever reads slowly may move onto it
      else if (linkOf(target)) soon(show, linkOf(target));
      else if (open && open !== document.activeElement) soon(hide); // the keyboard's stays while it has the focus
      else clearTimeout(timer);
    });
    document.addEventListener("focusin", ({ target }) => (linkOf(target) ? show(linkOf(target)) : hide()));
    document.addEventListener("focusout", hide);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
    window.addEventListener("scroll", place, { passive: true });
  });
})();
