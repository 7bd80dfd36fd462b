/** The elements of a frames figure in reading order, and how much room each panel has. */

import { make } from "../view/dom.mjs";
import { paragraph } from "../view/parts.mjs";
import { createOthersKey } from "./plots.mjs";

const GAP = 20;
const NARROWEST = { images: 240, density: 150, points: 150, bars: 190, plot: 205 };
const BESIDE = 520; // from here on one plane stands beside its curves

/** @returns {Object<string, any>} the elements that the figure changes; root holds them all */
export function layOutFrames({ meta, panels, plots, player, table, copier, voice }) {
  const chooser = createChooser(meta.choose);
  const cells = panels.map(({ label, view }) => {
    const title = make("p", { class: "cl-axis-name", text: label });
    return make("div", { class: "cl-cell" }, title, view.node);
  });
  const pictures = make("div", { class: "cl-row" }, ...cells);
  const others = createOthersKey();
  const drawings = plots.map(({ view }) => view.node);
  const curves = make("div", { class: "cl-row cl-curves" }, ...drawings, others);
  const stage = make("div", { class: "cl-stage" }, pictures, player.node, curves);
  const reset = make("button", { type: "button", text: "Start again" });
  const { copy, copied, link } = copier;
  const actions = make("div", { class: "cl-actions" }, reset, copy, copied, link);
  const where = make("p", { class: "cl-on-paper" });
  const label = meta.title || "Frames";
  const root = make("div", { class: "cl-loop cl-frames", role: "group", "aria-label": label });
  root.append(
    ...paragraph("cl-title", meta.title),
    ...paragraph("cl-try", meta.tryThis),
    chooser.node,
    where,
    stage,
    actions,
    ...paragraph("cl-caption", meta.caption),
    table.node,
    voice.node,
  );
  watchTable(table.node.querySelector(".cl-table"));
  let room = 640;
  let tall = 0; // height of a plot of curves
  let known = "";

  /** Take the width there is; say whether it is another one. */
  function measure() {
    const found = Math.max(240, Math.floor(root.clientWidth));
    if (!root.clientWidth || found === room) return false;
    room = found;
    return true;
  }

  /** Show the panels and plots that the condition has, in columns that suit them. */
  function arrange(shown, condition) {
    shown.forEach(({ picture }, i) => (cells[i].hidden = !picture));
    for (const { view, curves: held } of plots) {
      view.node.hidden = held.every(({ index }) => condition.curves[index] === null);
    }
    shown.forEach(({ kind }, i) => cells[i].classList.toggle("cl-wide", kind === "text"));
    const kinds = shown.filter(({ picture }) => picture).map(({ kind }) => kind);
    const drawn = plots.filter(({ view }) => !view.node.hidden).length;
    const alone = kinds.length === 1 && ["density", "points"].includes(kinds[0]);
    const beside = alone && drawn > 0 && room >= BESIDE;
    const wanted = JSON.stringify([room, beside, kinds, drawn]);
    if (wanted === known) return;
    known = wanted;
    stage.classList.toggle("cl-beside", beside);
    const half = beside ? Math.floor((room - GAP) / 2) : room;
    const side = kinds.filter((kind) => kind !== "text"); // texts take the whole width
    const narrowest = Math.max(...side.map((kind) => NARROWEST[kind]), 0);
    columnsIn(pictures, alone ? Math.min(half, 400) : half, side.length, narrowest);
    columnsIn(curves, half, drawn, NARROWEST.plot);
    tall = beside && drawn === 1 ? 270 : drawn === 1 && room > 480 ? 190 : 164;
    pictures.hidden = kinds.length === 0;
    curves.hidden = drawn === 0;
  }

  return {
    root, stage, chooser, where, others, reset, measure, arrange,
    tall: () => tall,
    widthOf: (node) => Number(node.closest(".cl-row").dataset.clWidth),
  };
}

/** Equal columns: as many as fit, and no row with a single panel where that can be helped. */
function columnsIn(row, width, count, narrowest) {
  const most = Math.max(1, Math.floor((width + GAP) / (narrowest + GAP)));
  const rows = Math.max(1, Math.ceil(count / most));
  const columns = Math.max(1, Math.ceil(count / rows));
  row.dataset.clWidth = Math.floor((width - GAP * (columns - 1)) / columns);
  row.style.gridTemplateColumns = `repeat(${columns}, ${row.dataset.clWidth}px)`;
}

/** Say in which direction a wide table goes on: its scroll bar may be hidden. */
function watchTable(area) {
  function update() {
    const { scrollLeft, scrollWidth, clientWidth } = area;
    area.classList.toggle("cl-more-before", scrollLeft > 2);
    area.classList.toggle("cl-more-after", scrollWidth - clientWidth - scrollLeft > 2);
  }
  area.addEventListener("scroll", update);
  const observer = new ResizeObserver(update); // it opens, it is filled, it has another width
  for (const node of [area, area.firstChild]) observer.observe(node);
}

function createChooser(label) {
  const select = make("select", { "data-cl-key": "condition" });
  const words = make("span", { text: label });
  const node = make("label", { class: "cl-field cl-chooser" }, words, select);
  let known = "";
  return {
    node,
    listen: (chosen) => select.addEventListener("change", () => chosen(select.value)),
    update(conditions, name) {
      const names = conditions.map((condition) => condition.name);
      node.hidden = names.length < 2;
      if (JSON.stringify(names) !== known) {
        known = JSON.stringify(names);
        const options = names.map((each) => make("option", { value: each, text: each }));
        select.replaceChildren(...options);
      }
      if (select.value !== name) select.value = name;
    },
  };
}
