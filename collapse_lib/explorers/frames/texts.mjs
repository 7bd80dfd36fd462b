/** A text that a model wrote, its flagged words marked. It goes in as text, never as markup. */

import { make } from "../view/dom.mjs";

/** @param {{label: string}} spec */
export function createText(spec) {
  const label = spec.label;
  const area = { class: "cl-text", tabindex: "0", role: "region", "aria-label": label };
  const node = make("div", area);
  let known = null;
  return {
    node,
    labelled: null,
    draw({ text }) {
      if (text === known) return;
      known = text;
      const words = typeof text === "string" ? [[text, false]] : text;
      const parts = words.flatMap(([word, flagged], i) => [
        ...(i ? [document.createTextNode(" ")] : []),
        flagged ? make("mark", { text: word }) : document.createTextNode(word),
      ]);
      node.replaceChildren(...parts);
    },
    words({ text }) {
      if (typeof text === "string") return `a text of ${text.split(/\s+/).length} words`;
      const flagged = text.filter((word) => word[1]).length;
      return `a text of ${text.length} words, ${flagged} of them marked`;
    },
    forgetColour() {},
  };
}
