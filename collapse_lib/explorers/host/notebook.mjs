/** What a figure is given in JupyterLab, where its model is joined to Python. */

/**
 * Keys pressed inside a figure are for the figure: a notebook takes arrow keys, letters and Enter
 * for commands of its own. Ctrl or Cmd with a letter, as for saving, still reaches it.
 */
function keepKeys(event) {
  const command = (event.ctrlKey || event.metaKey) && event.key.length === 1;
  if (!command) event.stopPropagation();
}

/** A view as anywidget calls it. The static page has it from page.mjs, without these. */
export function hosted(view) {
  return {
    async render({ model, el, ...more }) {
      el.classList.add("cl-figure", "cl-explorer");
      el.clModel = model;
      el.addEventListener("keydown", keepKeys);
      return await view.render({ model, el, ...more });
    },
  };
}
