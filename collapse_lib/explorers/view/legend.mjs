/** The legend and the few numbers to remember, as lists. */

import { make, makeSvg, setText } from "./dom.mjs";

const SIGNS = {
  band: [["cl-path-band", "M0 2H24V12H0z"], ["cl-path-median", "M0 7H24"]],
  only: [["cl-path-mean cl-main", "M0 7H24"]],
  mean: [["cl-path-mean", "M1 7H24"]],
  runs: [["cl-path-runs", "M0 10L5 5L10 9L15 3L24 7"]],
  law: [["cl-path-law", "M0 7H24"]],
  frames: [["cl-path-frames", "M0 7H24"]],
  guess: [["cl-mark-guess", "M12 1l6 6l-6 6l-6 -6z"]],
  answer: [["cl-mark-answer", "M12 0l7 7l-7 7l-7 -7z"]],
};

/** A list that is made anew only where its entries change. */
export function createLegend() {
  const node = make("ul", { class: "cl-legend" });
  let known = "";
  return {
    node,
    update(keys) {
      if (JSON.stringify(keys) === known) return;
      known = JSON.stringify(keys);
      node.replaceChildren(...keys.map(([sign, text]) => legendEntry(sign, text)));
    },
  };
}

function legendEntry(sign, text) {
  if (sign === null) return make("li", { class: "cl-quiet-text", text });
  const paths = SIGNS[sign].map(([name, d]) => makeSvg("path", { class: name, d }));
  const box = { viewBox: "0 0 24 14", class: "cl-sign", "aria-hidden": "true" };
  return make("li", {}, makeSvg("svg", box, ...paths), make("span", { text }));
}

/** The facts as a list of definitions, whose nodes stay where they are. */
export function createFacts() {
  const node = make("dl", { class: "cl-facts" });
  const cells = [];
  return {
    node,
    update(facts) {
      while (cells.length < facts.length) cells.push(factCell());
      facts.forEach((fact, i) => cells[i].parts.forEach((part, j) => setText(part, fact[j])));
      const wanted = cells.slice(0, facts.length).map((cell) => cell.node);
      if (node.childElementCount !== facts.length) node.replaceChildren(...wanted);
    },
  };
}

function factCell() {
  const parts = [make("dt"), make("dd", { class: "cl-value" }), make("dd", { class: "cl-note" })];
  return { node: make("div", {}, ...parts), parts };
}
