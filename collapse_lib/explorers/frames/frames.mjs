/** The frames figure: what Python has run, scrubbed by generation and condition. */

import { setText } from "../view/dom.mjs";
import { createCopier, followLinks, linkTexts } from "../view/links.mjs";
import { createVoice, reducedMotion, scrollThere, watchArrival } from "../view/page.mjs";
import { exposeFigure } from "../view/parts.mjs";
import { createRedraw } from "../view/redraw.mjs";
import { shareState } from "../view/shared_state.mjs";
import { createPlayer } from "../view/player.mjs";
import { createTable } from "../view/table.mjs";
import { createBars } from "./bars.mjs";
import { createSheet } from "./images.mjs";
import { watchPaper } from "./ink.mjs";
import { layOutFrames } from "./layout.mjs";
import { createDensity, createPoints } from "./plane.mjs";
import { createPlot } from "./plots.mjs";
import { createRun } from "./run.mjs";
import { plainFrame, shownWords, tableColumns, whereWords } from "./said.mjs";
import { completeState, stateLink, stateOfLink } from "./state.mjs";
import { inflated, nearestIndex, readCondition } from "./store.mjs";
import { createText } from "./texts.mjs";

const VIEWS = {
  images: createSheet, density: createDensity, points: createPoints, bars: createBars,
  text: createText,
};

const BETWEEN_FRAMES = 300; // milliseconds without a frame before a run counts as at rest

/**
 * Draw a figure into el and keep it in step with the model.
 * @param {{model: Object, el: HTMLElement}} given  an anywidget model with the traits `meta`
 *   ({name, title, tryThis, caption, choose}), `state` (see state.mjs), `frames` (what is drawn and
 *   where it lies in the bytes) and `data` (see store.mjs)
 * @returns {Promise<function(): void>} which takes down what would outlive el
 */
async function renderFrames({ model, el }) {
  const meta = { name: "figure", title: "", ...model.get("meta") };
  const held = model.get("frames");
  const buffer = await inflated(model.get("data"));
  const stored = held.conditions.map((described) => readCondition(described, buffer));
  const panels = held.panels.map((spec) => ({ ...spec, view: VIEWS[spec.kind](spec) }));
  const plots = held.plots.map((spec) => ({ ...spec, view: createPlot(spec, scrub) }));
  const table = createTable(meta.title);
  const player = createPlayer((step) => scrub(step - 1, true), () => redraw.schedule());
  const partOf = () => stateLink(meta.name, state, stored.length > 1);
  const copier = createCopier(meta.name, partOf, () => player.rest());
  const voice = createVoice(() => parts.root);
  const parts = layOutFrames({ meta, panels, plots, player, table, copier, voice });
  const run = createRun(model, onRun);
  const initial = completeState(model.get("state") ?? {}, stored);
  const texts = linkTexts(location.hash).get(meta.name);

  let state = texts ? completeState(stateOfLink(texts), stored, initial) : initial;
  const startsAlone = state.playing && !texts && !reducedMotion();
  let arriving = null; // frames of a run
  const shared = shareState(model);
  const redraw = createRedraw(refresh);
  let shown = null;

  function conditions() {
    return run.condition ? [...stored, run.condition] : stored;
  }

  function current() {
    return conditions().find(({ name }) => name === state.condition) ?? stored[0];
  }

  function apply(change) {
    state = completeState(change, conditions(), state);
    redraw.schedule();
  }

  function scrub(index, isPlaying = false) {
    if (!isPlaying) player.rest();
    apply({ generation: current().generations[index] });
  }

  function refresh() {
    redraw.begin();
    state = completeState(state, conditions());
    const condition = current();
    const { generations } = condition;
    const index = nearestIndex(generations, state.generation);
    const generation = generations[index];
    const all = conditions();
    shown = {
      condition, conditions: all, index, generation, plots, hasChoice: all.length > 1,
      panels: panels.map((panel, i) => ({ ...panel, picture: condition.panels[i]?.[index] })),
    };
    parts.chooser.update(all, state.condition);
    parts.arrange(shown.panels, condition);
    for (const { label, view, picture } of shown.panels) {
      if (!picture) continue;
      view.draw(picture, parts.widthOf(view.node));
      const where = `generation ${generation}`;
      view.labelled?.setAttribute("aria-label", `${label}, ${where}: ${view.words(picture)}`);
    }
    const seen = plots.filter(({ view }) => !view.node.hidden);
    const aside = seen.map(({ view }) => view.draw(shown, parts.widthOf(view.svg), parts.tall()));
    parts.others.hidden = !aside.includes(true);
    setText(parts.where, whereWords(shown));
    const name = `generation ${generation.toLocaleString("en-GB")}`;
    player.update({ t: index + 1, n_generations: generations.length, name });
    copier.update();
    if (player.playing || arriving !== null) {
      table.clear();
      voice.hush();
      return;
    }
    table.show(() => tableColumns(shown));
    voice.say(shownWords(shown));
    shared.write(state);
  }

  function onState() {
    if (!shared.hasChanged()) return;
    player.rest();
    apply(model.get("state"));
  }

  /** A learner's run is shown from its first frame on, and followed while it is at its end; the one
   * before goes when it begins. */
  function onRun(begins, previousLast) {
    if (run.condition === null) {
      player.rest();
      redraw.schedule();
      return;
    }
    const isAtEnd = state.condition === run.condition?.name && state.generation === previousLast;
    if (begins) player.rest();
    clearTimeout(arriving);
    arriving = setTimeout(() => {
      arriving = null;
      redraw.schedule();
    }, BETWEEN_FRAMES);
    if (begins || isAtEnd) {
      apply({ condition: run.condition.name, generation: run.condition.generations.at(-1) });
    } else redraw.schedule();
  }

  function onLink(said) {
    player.rest();
    state = completeState(stateOfLink(said), conditions(), initial);
    refresh();
  }

  parts.chooser.listen((condition) => {
    player.rest();
    apply({ condition });
  });
  parts.reset.addEventListener("click", () => {
    player.rest();
    apply(initial);
  });

  el.append(parts.root);
  const observer = new ResizeObserver(() => {
    if (parts.measure()) redraw.schedule();
  });
  observer.observe(parts.root);
  const unwatchPaper = watchPaper(() => {
    for (const { view } of panels) view.forgetColour();
    redraw.schedule();
  });
  model.on("change:state", onState);
  const unfollow = followLinks(meta.name, parts.root, onLink);
  refresh();
  if (texts) scrollThere(parts.root);
  const unwatch = startsAlone ? watchArrival(parts.stage, player.play) : () => {};
  run.ask();

  exposeFigure(el, redraw, refresh, { state: () => state, data: () => plainFrame(shown) });
  el.clExplorer.redraw = refresh;

  return () => {
    player.rest();
    unwatch();
    unwatchPaper();
    unfollow();
    observer.disconnect();
    voice.rest();
    clearTimeout(arriving);
    run.stop();
    redraw.begin();
    model.off("change:state", onState);
  };
}

export default { render: renderFrames };
