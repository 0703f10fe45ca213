// A small store in the reader's own browser; where there is none (private mode, some file:// pages) it forgets.
// The page hears of each change, so that it can count.

export function openMemory(key) {
  return {
    load() {
      try {
        const found = JSON.parse(localStorage.getItem(key) ?? "{}");
        return found && typeof found === "object" ? found : {};
      } catch {
        return {};
      }
    },
    save(value) {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // nothing to do: the answers last as long as the page
      }
      dispatchEvent(new Event("nbcourse:memory"));
    },
    clear() {
      try {
        localStorage.removeItem(key);
      } catch {
        // as above
      }
      dispatchEvent(new Event("nbcourse:memory"));
    },
  };
}
