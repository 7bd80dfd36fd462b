/** The numbers behind the drawing, made when the reader opens them. */

import { make } from "./dom.mjs";

/** A number at four significant digits, as text that reads back as a number; text as it is. */
export function fourDigits(value) {
  if (typeof value === "string") return value;
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "";
}

/**
 * @param {string} title
 * @returns {{node: HTMLElement, show: function(function(): Map<string, ArrayLike<number>>): void,
 *   clear: function(): void}}
 * show takes a function that gives the columns, called while the table is open; clear empties it
 * for as long as the drawing moves on without it.
 */
export function createTable(title) {
  const table = make("table");
  const label = `Data table: ${title}`;
  const area = { class: "cl-table", tabindex: "0", role: "region", "aria-label": label };
  const node = make("details", { class: "cl-data" }, make("summary", { text: "Data table" }));
  node.append(make("div", area, table));
  const nothing = () => new Map();
  let columns = nothing;

  function fill() {
    if (node.open) table.replaceChildren(...tableParts(columns()));
  }
  node.addEventListener("toggle", fill);

  return {
    node,
    show(given) {
      columns = given;
      fill();
    },
    clear() {
      if (columns !== nothing) table.replaceChildren();
      columns = nothing;
    },
  };
}

function tableParts(columns) {
  const head = make("tr");
  for (const name of columns.keys()) head.append(make("th", { scope: "col", text: name }));
  const body = make("tbody");
  const height = Math.max(0, ...[...columns.values()].map((values) => values.length));
  for (let i = 0; i < height; i++) {
    const row = make("tr");
    for (const values of columns.values()) {
      row.append(make("td", { text: i < values.length ? fourDigits(values[i]) : "" }));
    }
    body.append(row);
  }
  return [make("thead", {}, head), body];
}
