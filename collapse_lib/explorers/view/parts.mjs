/** Parts of a figure that several figures have. */

import { make } from "./dom.mjs";

/** A paragraph, or nothing where there are no words: a list to spread. */
export function paragraph(name, words) {
  return words ? [make("p", { class: name, text: words })] : [];
}

/**
 * The row of what a reader does to the whole figure: the seed, a new one, the beginning, the link.
 * @param {HTMLElement} seed  the field
 * @param {Object} copier  of createCopier
 * @returns {{node: HTMLElement, newSeed: HTMLElement, reset: HTMLElement}}
 */
export function createActions(seed, { copy, copied, link }) {
  const newSeed = make("button", { type: "button", text: "New seed" });
  const reset = make("button", { type: "button", text: "Start again" });
  const node = make("div", { class: "cl-actions" }, seed, newSeed, reset, copy, copied, link);
  return { node, newSeed, reset };
}

export function nextSeed({ seed }) {
  return (seed + 1) % 2 ** 32;
}

/** Let the page ask a figure for its state and for what it draws, all of it: el.clExplorer.
 * @param {{state: function(): Object, data: function(): Object}} given */
export function exposeFigure(el, redraw, refresh, { state, data }) {
  el.clExplorer = {
    state: () => ({ ...state() }),
    data() {
      if (redraw.isDue()) refresh(true);
      return data();
    },
  };
}
