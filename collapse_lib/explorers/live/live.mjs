/** The live figure: settings in, arrays and words out. What anywidget and the host call. */

import { setText } from "../view/dom.mjs";
import { createDrawing } from "../view/drawing.mjs";
import { createFacts, createLegend } from "../view/legend.mjs";
import { createCopier, followLinks, linkTexts } from "../view/links.mjs";
import { createVoice, reducedMotion, scrollThere, watchArrival } from "../view/page.mjs";
import { exposeFigure, nextSeed } from "../view/parts.mjs";
import { createPlayer } from "../view/player.mjs";
import { createRedraw, followWidth } from "../view/redraw.mjs";
import { shareState } from "../view/shared_state.mjs";
import { createTable } from "../view/table.mjs";
import { createControls } from "./controls.mjs";
import { layOut } from "./layout.mjs";
import { createObjects } from "./objects.mjs";
import { OTHER_SETTINGS, createPredict, verdictText } from "./predict.mjs";
import { rememberingResults } from "./results.mjs";
import { createSettings } from "./settings.mjs";
import { columnsOf, plainData, shownOf } from "./shown.mjs";
import { factsOf, legendOf } from "./words.mjs";

/**
 * Draw a figure into el and keep it in step with the model.
 * @param {{model: Object, el: HTMLElement}} given  an anywidget model with the traits `state`
 *   (settings), `meta` ({name, title, tryThis, caption, predict, settings: limits and defaults}),
 *   `frames` ([generation, value][] that Python has run, in the engine's unit) and `ran`, the
 *   settings that it has run them with
 * @returns {function(): void} which takes down what would outlive el
 */
function renderExplorer({ model, el }) {
  const meta = { name: "figure", title: "", ...model.get("meta") };
  const { complete, link, ofLink, runKey } = createSettings(meta.settings);
  const initial = complete(model.get("state") ?? {});
  const resultsOf = rememberingResults();
  const drawing = createDrawing();
  const legend = createLegend();
  const facts = createFacts();
  const objects = createObjects();
  const table = createTable(meta.title);
  const controls = createControls(meta.settings, (change) => apply(change));
  const player = createPlayer((t) => apply({ t }), () => redraw.schedule());
  const predict = meta.predict && createPredict(meta.predict, (guess) => apply({ guess }), reveal);
  const partOf = () => link(meta.name, settings, initial);
  const copier = createCopier(meta.name, partOf, () => player.rest());
  const voice = createVoice(() => parts.root);
  const parts = layOut({
    meta, drawing, legend, objects, facts, table, controls, player, predict, copier, voice,
  });
  const texts = linkTexts(location.hash).get(meta.name);
  const linked = texts && ofLink(texts);

  let settings = linked ? complete(linked, initial) : initial;
  const startsAlone = settings.autoplay && !linked && !isHidden() && !reducedMotion();
  if (startsAlone) settings = { ...settings, t: 1 };
  let frames = [];
  let framesOf = "";
  let written = runKey(settings); // of the settings that Python knows
  const shared = shareState(model);
  const redraw = createRedraw(refresh);
  let shown = null;

  function isHidden() {
    return Boolean(predict) && !settings.revealed;
  }

  function apply(change) {
    settings = complete(change, settings);
    redraw.schedule();
  }

  /** Show what there is by now. Many runs may need more than one frame: then there are others to
   * come, unless the whole is asked for at once. */
  function refresh(whole = false) {
    redraw.begin();
    const results = resultsOf(settings, whole);
    const there = results.settings;
    const unfinished = there.n_replicates < settings.n_replicates;
    const overlay = framesOf === runKey(settings) ? frames : [];
    const isAsked =
      runKey(settings) === runKey(initial) && settings.n_replicates === initial.n_replicates;
    shown = shownOf(results, there, predict && meta.predict, overlay, isAsked);
    parts.root.classList.toggle("cl-unrevealed", isHidden());
    parts.problem.hidden = results.problem === null;
    setText(parts.problem, results.problem ?? "");
    for (const node of parts.ofResults) node.hidden = results.problem !== null;
    if (results.problem === null) {
      drawing.draw(shown);
      legend.update(isHidden() ? [] : legendOf(results, shown, there));
      if (!isHidden()) facts.update(factsOf(results, there));
    }
    objects.draw(shown.objects, settings, drawing.width());
    controls.update(settings);
    player.update(settings);
    predict?.update(settings.guess, settings.revealed, verdict(results, isAsked, unfinished));
    copier.update();
    if (unfinished) redraw.schedule();
    if (player.playing || unfinished) {
      table.clear();
      voice.hush();
    }
    if (!player.playing || written !== runKey(settings)) {
      shared.write(settings); // Run in Python takes what is on show, also while it plays
      written = runKey(settings);
    }
    if (player.playing || unfinished) return;
    table.show(() => columnsOf(shown));
    voice.say(results.problem ?? shown.label);
  }

  /** What is said of the guess: null where the answer is not on show (yet). The question is about
   * the figure's first settings, and so is what is said. */
  function verdict(results, isAsked, unfinished) {
    if (settings.guess === null || !settings.revealed) return "";
    if (!isAsked) return OTHER_SETTINGS;
    if (unfinished || shown.answer === null) return null;
    return verdictText(meta.predict, settings.guess, shown.answer.value, results.measure);
  }

  function reveal(guess) {
    apply({ guess, revealed: true, t: reducedMotion() ? settings.n_generations : 1 });
    refresh();
    if (!reducedMotion()) player.play();
  }

  function onState() {
    if (!shared.hasChanged()) return;
    player.rest();
    settings = complete(model.get("state"));
    redraw.schedule();
  }

  function onFrames() {
    const given = model.get("frames");
    frames = Array.isArray(given) ? given : [];
    const ran = model.get("ran") ?? {};
    framesOf = Object.keys(ran).length ? runKey(complete(ran)) : "";
    redraw.schedule();
  }

  /** Who follows a link wants to see what it shows: it reveals, with or without a guess. */
  function onLink(said) {
    player.rest();
    const { guess } = settings;
    settings = complete({ revealed: true, guess, ...ofLink(said) }, initial);
    refresh();
  }

  parts.newSeed.addEventListener("click", () => apply({ seed: nextSeed(settings) }));
  parts.reset.addEventListener("click", () => {
    const { revealed, guess } = settings;
    player.rest();
    settings = { ...initial, revealed, guess };
    redraw.schedule();
  });

  el.append(parts.root);
  const unfollowWidth = followWidth(parts.plot, drawing.resize, redraw.schedule);
  model.on("change:state", onState);
  model.on("change:frames", onFrames);
  const unfollow = followLinks(meta.name, parts.root, onLink);
  onFrames();
  refresh();
  if (linked) scrollThere(parts.root);
  const unwatch = startsAlone ? watchArrival(parts.plot, player.play) : () => {};

  exposeFigure(el, redraw, refresh, { state: () => settings, data: () => plainData(shown) });

  return () => {
    player.rest();
    unwatch();
    unfollowWidth();
    voice.rest();
    redraw.begin();
    model.off("change:state", onState);
    model.off("change:frames", onFrames);
    unfollow();
  };
}

export default { render: renderExplorer };
