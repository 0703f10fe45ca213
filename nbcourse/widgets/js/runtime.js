// Brings figures to life in a page without a kernel: a model with anywidget's interface, and the mounting.
(() => {
  "use strict";
  if (window.nbcourseFigures) return;

  class Model {
    constructor(state) {
      this.state = state;
      this.handlers = new Map();
      this.dirty = false;
    }
    get(key) {
      return this.state[key];
    }
    set(key, value) {
      if (typeof key === "object") return Object.entries(key).forEach(([k, v]) => this.set(k, v));
      if (this.state[key] === value) return undefined;
      this.state[key] = value;
      this.dirty = true;
      return this.fire(`change:${key}`, value);
    }
    save_changes() {
      if (this.dirty) this.fire("change");
      this.dirty = false;
    }
    on(events, handler) {
      for (const event of events.split(" ")) {
        this.handlers.set(event, [...(this.handlers.get(event) ?? []), handler]);
      }
    }
    off(events, handler) {
      for (const event of events ? events.split(" ") : [...this.handlers.keys()]) {
        const kept = (this.handlers.get(event) ?? []).filter((known) => handler && known !== handler);
        this.handlers.set(event, kept);
      }
    }
    fire(event, value) {
      (this.handlers.get(event) ?? []).forEach((handler) => handler(this, value));
    }
    send() {} // there is no kernel to send to
  }

  const widgets = new Map();

  async function mount(box) {
    const widget = widgets.get(box.dataset.figure);
    if (!widget || box.dataset.mounted) return;
    box.dataset.mounted = "yes";
    const still = box.querySelector(".nbc-still");
    const host = document.createElement("div");
    try {
      const model = new Model(JSON.parse(box.dataset.state));
      await widget.initialize?.({ model });
      box.append(host);
      still.hidden = true;
      await widget.render({ model, el: host });
    } catch (error) {
      host.remove();
      still.hidden = false;
      box.dataset.mounted = "failed";
      console.error(`nbcourse: the figure ${box.dataset.figure} stays a still image.`, error);
    }
  }

  function mountAll() {
    document.querySelectorAll(".nbc-figure").forEach(mount);
  }

  window.nbcourseFigures = {
    register(name, widget) {
      widgets.set(name, widget);
      if (document.readyState !== "loading") mountAll();
    },
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
})();
