/** The figure's elements in reading order: the drawing first, what moves it below. */

import { make } from "../view/dom.mjs";
import { createActions, paragraph } from "../view/parts.mjs";

/**
 * @param {Object} given  meta: the texts; the others: what was created for the figure
 * @returns {Object<string, HTMLElement>} the elements that the figure changes; root holds them all
 */
export function layOut({ meta, drawing, legend, objects, facts, table, controls, ...given }) {
  const { player, predict, copier, voice } = given;
  const plot = make("div", { class: "cl-plot-box", "data-cl-data": true }, drawing.node);
  const problem = make("p", { class: "cl-problem", role: "status" });
  const { node: actions, newSeed, reset } = createActions(controls.seed, copier);
  const panel = make("div", { class: "cl-panel" }, controls.main, controls.more, actions);
  const label = meta.title || "Live figure";
  const root = make("div", { class: "cl-loop", role: "group", "aria-label": label });
  root.append(
    ...paragraph("cl-title", meta.title),
    ...paragraph("cl-try", meta.tryThis),
    ...(predict ? [predict.node] : []),
    legend.node,
    plot,
    problem,
    objects.node,
    player.node,
    facts.node,
    panel,
    ...paragraph("cl-caption", meta.caption),
    table.node,
    voice.node,
  );
  const ofResults = [legend.node, plot, player.node, facts.node, table.node];
  return { root, plot, problem, newSeed, reset, ofResults };
}
