/** Bars: one value a category, on a scale that stays the same over all generations. */

import { make, makeSvg, setText } from "../view/dom.mjs";
import { numberText, shortName } from "../view/numbers.mjs";
import { cssColour } from "./ink.mjs";
import { valuesOf } from "./store.mjs";

const MOST_ROWS = 16; // more categories are drawn as columns, without their names
const TALL_COLUMNS = 120;

/** @param {{label: string, names: string[], upper: number, role: string}} spec */
export function createBars(spec) {
  const parts = spec.names.length <= MOST_ROWS ? rowsOfBars(spec) : columnsOfBars(spec);
  parts.node.style.setProperty("--cl-own", cssColour(spec.role));
  return {
    ...parts,
    labelled: parts.node,
    draw: (picture, width) => parts.fill(valuesOf(picture), width),
    words(picture) {
      const values = valuesOf(picture);
      if (values.length <= MOST_ROWS) return listed(spec.names, values);
      const most = values.indexOf(Math.max(...values));
      const held = values.filter((value) => value > 0).length;
      const top = `${spec.names[most]} ${numberText(values[most])}`;
      return `${held} of ${values.length} above 0, the highest ${top}`;
    },
    forgetColour() {},
  };
}

function listed(names, values) {
  return names.map((name, i) => `${name} ${numberText(values[i])}`).join(", ");
}

function rowsOfBars({ names, upper }) {
  const node = make("div", { class: "cl-bars", role: "img" });
  const rows = names.map((name) => {
    const [bar, value] = [make("i"), make("span", { class: "cl-bar-value" })];
    const text = make("span", { class: "cl-bar-name", text: shortName(name) });
    node.append(text, make("span", { class: "cl-bar" }, bar), value);
    return { bar, value };
  });
  function fill(values) {
    rows.forEach(({ bar, value }, i) => {
      bar.style.width = `${Math.min(100, (100 * values[i]) / upper)}%`;
      setText(value, numberText(values[i]));
    });
  }
  return { node, fill };
}

function columnsOfBars({ names, upper }) {
  const path = makeSvg("path", { class: "cl-columns" });
  const foot = makeSvg("path", { class: "cl-tick" });
  const most = makeSvg("text", { x: 0, y: 11, class: "cl-quiet", text: numberText(upper) });
  const svg = makeSvg("svg", { "aria-hidden": "true" }, foot, path, most);
  const ends = [names[0], names.at(-1)].map((name) => make("span", { text: shortName(name) }));
  const labels = make("div", { class: "cl-column-ends" }, ...ends);
  const node = make("div", { role: "img" }, svg, labels);
  function fill(values, width) {
    const step = width / values.length;
    const bar = Math.max(0.5, step - Math.min(2, step / 4));
    svg.setAttribute("viewBox", `0 0 ${width} ${TALL_COLUMNS}`);
    foot.setAttribute("d", `M0 ${TALL_COLUMNS - 0.5}H${width}`);
    const column = (value, i) => {
      const height = (Math.min(1, value / upper) * (TALL_COLUMNS - 16)).toFixed(1);
      return `M${(i * step).toFixed(1)} ${TALL_COLUMNS}v-${height}h${bar.toFixed(1)}v${height}z`;
    };
    path.setAttribute("d", Array.from(values, column).join(""));
  }
  return { node, fill };
}
