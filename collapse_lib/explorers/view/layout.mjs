/** The figure's elements in reading order: the drawing first, what moves it below. */

import { make } from "./dom.mjs";

/**
 * @param {Object} given  meta: the texts; the others: what was created for the figure
 * @returns {Object<string, HTMLElement>} the elements that the figure changes; root holds them all
 */
export function layOut({ meta, drawing, legend, objects, facts, table, controls, ...given }) {
  const { player, predict, copier, voice } = given;
  const text = (tag, name, words) => (words ? [make(tag, { class: name, text: words })] : []);
  const plot = make("div", { class: "cl-plot-box", "data-cl-data": true }, drawing.node);
  const problem = make("p", { class: "cl-problem", role: "status" });
  const newSeed = make("button", { type: "button", text: "New seed" });
  const reset = make("button", { type: "button", text: "Start again" });
  const { copy, copied, link } = copier;
  const actions = make("div", { class: "cl-actions" }, controls.seed, newSeed, reset, copy);
  actions.append(copied, link);
  const panel = make("div", { class: "cl-panel" }, controls.main, controls.more, actions);
  const label = meta.title || "Live figure";
  const root = make("div", { class: "cl-loop", role: "group", "aria-label": label });
  root.append(
    ...text("p", "cl-title", meta.title),
    ...text("p", "cl-try", meta.tryThis),
    ...(predict ? [predict.node] : []),
    legend.node,
    plot,
    problem,
    objects.node,
    player.node,
    facts.node,
    panel,
    ...text("p", "cl-caption", meta.caption),
    table.node,
    voice.node,
  );
  const ofResults = [legend.node, plot, player.node, facts.node, table.node];
  return { root, plot, problem, newSeed, reset, ofResults };
}
