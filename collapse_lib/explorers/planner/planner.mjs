/** The planner: a plan in, the diversity that is left and how sure that is out. */

import { make, setText } from "../view/dom.mjs";
import { createDrawing } from "../view/drawing.mjs";
import { createCopier, followLinks, linkTexts } from "../view/links.mjs";
import { createVoice, scrollThere } from "../view/page.mjs";
import { createRedraw, followWidth } from "../view/redraw.mjs";
import { shareState } from "../view/shared_state.mjs";
import { createTable } from "../view/table.mjs";
import { createFacts, createLegend } from "../view/words.mjs";
import { createPlanControls } from "./controls_of_plan.mjs";
import {
  answerOf, cautionsOf, drawnOutcome, plainOutcome, planColumns, planFacts, planLegend,
  rememberingOutcomes,
} from "./outcome.mjs";
import { completePlan, firstPlan, planLink, planOfLink } from "./plan.mjs";

/**
 * Draw a figure into el and keep it in step with the model.
 * @param {{model: Object, el: HTMLElement}} given  an anywidget model with the traits `state` (see
 *   plan.mjs) and `meta` ({name, title, tryThis, caption, worlds: {key: {name, counts}}})
 * @returns {function(): void} which takes down what would outlive el
 */
function renderPlanner({ model, el }) {
  const meta = model.get("meta");
  const worlds = Object.keys(meta.worlds);
  const initial = firstPlan(model.get("state") ?? {}, worlds);
  const outcomeOf = rememberingOutcomes();
  const drawing = createDrawing();
  const legend = createLegend();
  const facts = createFacts();
  const table = createTable(meta.title);
  const named = Object.entries(meta.worlds).map(([key, { name }]) => [key, name]);
  const controls = createPlanControls(named, initial, (change) => apply(change));
  const copier = createCopier(meta.name, () => planLink(meta.name, plan, initial));
  const voice = createVoice(() => parts.root);
  const parts = layOutPlanner({ meta, drawing, legend, facts, table, controls, copier, voice });
  const shared = shareState(model);
  const redraw = createRedraw(refresh);
  const texts = linkTexts(location.hash).get(meta.name);

  let plan = texts ? completePlan(planOfLink(texts), worlds, initial) : initial;
  let outcome = null;

  function apply(change) {
    plan = completePlan(change, worlds, plan);
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
    if (outcome.unfinished) {
      redraw.schedule();
      return;
    }
    voice.say(said);
    table.show(() => planColumns(outcome));
    shared.write(plan);
  }

  function onState() {
    if (!shared.hasChanged()) return;
    plan = completePlan(model.get("state"), worlds, initial);
    redraw.schedule();
  }

  function onLink(said) {
    plan = completePlan(planOfLink(said), worlds, initial);
    refresh();
  }

  parts.newSeed.addEventListener("click", () => apply({ seed: (plan.seed + 1) % 2 ** 32 }));
  parts.reset.addEventListener("click", () => apply(initial));

  el.append(parts.root);
  const unfollowWidth = followWidth(parts.plot, drawing.resize, redraw.schedule);
  model.on("change:state", onState);
  const unfollow = followLinks(meta.name, parts.root, onLink);
  refresh();
  if (texts) scrollThere(parts.root);

  el.clExplorer = {
    state: () => ({ ...plan }),
    data() {
      if (redraw.isDue()) refresh(true);
      return plainOutcome(outcome);
    },
  };

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
  const text = (name, words) => (words ? [make("p", { class: name, text: words })] : []);
  const answer = make("p", { class: "cl-answer" });
  const caution = make("p", { class: "cl-caution" });
  const plot = make("div", { class: "cl-plot-box", "data-cl-data": true }, drawing.node);
  const problem = make("p", { class: "cl-problem" });
  const newSeed = make("button", { type: "button", text: "New seed" });
  const reset = make("button", { type: "button", text: "Start again" });
  const actions = make("div", { class: "cl-actions" }, controls.seed, newSeed, reset);
  actions.append(copier.copy, copier.copied, copier.link);
  const panel = make("div", { class: "cl-panel" }, ...controls.groups, actions);
  const label = meta.title || "Planner";
  const root = make("div", { class: "cl-loop cl-planner", role: "group", "aria-label": label });
  root.append(
    ...text("cl-title", meta.title),
    ...text("cl-try", meta.tryThis),
    answer,
    caution,
    problem,
    legend.node,
    plot,
    facts.node,
    panel,
    ...text("cl-caption", meta.caption),
    table.node,
    voice.node,
  );
  const ofResults = [answer, caution, legend.node, plot, facts.node, table.node];
  return { root, answer, caution, plot, problem, newSeed, reset, ofResults };
}

export default { render: renderPlanner };
