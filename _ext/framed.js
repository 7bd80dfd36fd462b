/* What a page inside another page, or on a disk, may lack: storage, forms, other pages. */
{
  // Storage that throws, is missing or holds nothing is replaced by one that lives with the page.
  const standIn = () => {
    const kept = new Map();
    return {
      get length() { return kept.size; },
      key: (n) => [...kept.keys()][n] ?? null,
      getItem: (name) => kept.get(String(name)) ?? null,
      setItem: (name, value) => void kept.set(String(name), String(value)),
      removeItem: (name) => void kept.delete(String(name)),
      clear: () => kept.clear(),
    };
  };
  for (const name of ["localStorage", "sessionStorage"]) {
    try {
      window[name].setItem("model-collapse-loop", "");
      window[name].removeItem("model-collapse-loop");
    } catch {
      Object.defineProperty(window, name, { value: standIn() });
    }
  }

  // A sandboxed frame may not send forms: the search follows its address instead.
  addEventListener("keydown", (event) => {
    const form = event.target.form;
    if (event.key !== "Enter" || event.isComposing || !form?.matches("form.bd-search")) return;
    event.preventDefault();
    location.assign(`${form.action}?${new URLSearchParams(new FormData(form))}`);
  });

  // From a disk or a sandboxed frame no page can read another: results stand without excerpts.
  if (origin === "null" && location.pathname.endsWith("/search.html")) {
    window.fetch = async () => new Response("");
  }
}
