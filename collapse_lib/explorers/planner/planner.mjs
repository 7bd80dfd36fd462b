/** The planner: a plan in, the diversity that is left and how sure that is out. */

import { make, setText } from "../view/dom.mjs";
import { createDrawing } from "../view/drawing.mjs";
import { createFacts, createLegend } from "../view/legend.mjs";
import { createCopier, followLinks, linkTexts } from "../view/links.mjs";
import { createVoice, scrollThere } from "../view/page.mjs";
import { createActions, exposeFigure, nextSeed, paragraph } from "../view/parts.mjs";
import { createRedraw, followWidth } from "../view/redraw.mjs";
import { shareState } from "../view/shared_state.mjs";
import { createTable } from "../view/table.mjs";
import { createPlanControls } from "./controls.mjs";
import {
  answerOf, cautionsOf, drawnOutcome, plainOutcome, planColumns, planFacts, planLegend,
  rememberingOutcomes,
} from "./outcome.mjs";
import { createPlans } from "./settings.mjs";

/**
 * Draw a figure into el and keep it in step with the model.
 * @param {{model: Object, el: HTMLElement}} given  an anywidget model with the traits `state` (see
 *   settings.mjs) and `meta` ({name, title, tryThis, caption, settings: the limits and defaults,
 *   worlds: {key: {name, counts}}})
 * @returns {function(): void} which takes down what would outlive el
 */
function renderPlanner({ model, el }) {
  const meta = model.get("meta");
  const plans = createPlans(meta.settings, Object.keys(meta.worlds));
  const initial = plans.first(model.get("state") ?? {});
  const outcomeOf = rememberingOutcomes();
  const drawing = createDrawing();
  const legend = createLegend();
  const facts = createFacts();
  const table = createTable(meta.title);
  const named = Object.entries(meta.worlds).map(([key, { name }]) => [key, name]);
  const { limits } = meta.settings;
  const controls = createPlanControls(limits, named, initial, (change) => apply(change));
  const copier = createCopier(meta.name, () => plans.link(meta.name, plan, initial));
  const voice = createVoice(() => parts.root);
  const parts = layOutPlanner({ meta, drawing, legend, facts, table, controls, copier, voice });
  const shared = shareState(model);
  const redraw = createRedraw(refresh);
  const texts = linkTexts(location.hash).get(meta.name);

  let plan = texts ? plans.complete(plans.ofLink(texts), initial) : initial;
  let outcome = null;

  function apply(change) {
    plan = plans.complete(change, plan);
    redraw.schedule();
  }

  /** Show what there is by now; runs that a frame has no time for come in the next ones, unless the
   * whole is asked for at once. */
  function refresh(whole = false) {
    redraw.begin();
    outcome = outcomeOf(plan, meta.worlds[plan.world].counts, whole);
    const { problem } = outcome;
    parts.problem.hidden = problem === null;
    setText(parts.problem, problem ?? "");
    for (const node of parts.ofResults) node.hidden = problem !== null;
    let said = problem;
    if (problem === null) {
      const answer = answerOf(outcome);
      const cautions = cautionsOf(outcome).join(" ");
      said = `${answer} ${cautions}`.trim();
      setText(parts.answer, answer);
      setText(parts.caution, cautions);
      parts.caution.hidden = cautions === "";
      drawing.draw(drawnOutcome(outcome, answer));
      legend.update(planLegend(outcome));
      facts.update(planFacts(outcome));
    }
    controls.update(plan);
    copier.update();
    if (outcome.unfinished) {
      table.clear();
      voice.hush();
      redraw.schedule();
      return;
    }
    voice.say(said);
    table.show(() => planColumns(outcome));
    shared.write(plan);
  }

  function onState() {
    if (!shared.hasChanged()) return;
    plan = plans.complete(model.get("state"), initial);
    redraw.schedule();
  }

  function onLink(said) {
    plan = plans.complete(plans.ofLink(said), initial);
    refresh();
  }

  parts.newSeed.addEventListener("click", () => apply({ seed: nextSeed(plan) }));
  parts.reset.addEventListener("click", () => apply(initial));

  el.append(parts.root);
  const unfollowWidth = followWidth(parts.plot, drawing.resize, redraw.schedule);
  model.on("change:state", onState);
  const unfollow = followLinks(meta.name, parts.root, onLink);
  refresh();
  if (texts) scrollThere(parts.root);

  exposeFigure(el, redraw, refresh, { state: () => plan, data: () => plainOutcome(outcome) });

  return () => {
    unfollowWidth();
    voice.rest();
    redraw.begin();
    model.off("change:state", onState);
    unfollow();
  };
}

/** The figure's elements in reading order: the answer first, what moves it below. */
function layOutPlanner({ meta, drawing, legend, facts, table, controls, copier, voice }) {
  const answer = make("p", { class: "cl-answer" });
  const caution = make("p", { class: "cl-caution" });
  const plot = make("div", { class: "cl-plot-box", "data-cl-data": true }, drawing.node);
  const problem = make("p", { class: "cl-problem" });
  const { node: actions, newSeed, reset } = createActions(controls.seed, copier);
  const panel = make("div", { class: "cl-panel" }, ...controls.groups, actions);
  const label = meta.title || "Planner";
  const root = make("div", { class: "cl-loop cl-planner", role: "group", "aria-label": label });
  root.append(
    ...paragraph("cl-title", meta.title),
    ...paragraph("cl-try", meta.tryThis),
    answer,
    caution,
    problem,
    legend.node,
    plot,
    facts.node,
    panel,
    ...paragraph("cl-caption", meta.caption),
    table.node,
    voice.node,
  );
  const ofResults = [answer, caution, legend.node, plot, facts.node, table.node];
  return { root, answer, caution, plot, problem, newSeed, reset, ofResults };
}

export default { render: renderPlanner };
