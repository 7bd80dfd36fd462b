/** The ring: the loop as it goes round. What anywidget and the host call. */

import { make, setText } from "../view/dom.mjs";
import { createCopier, followLinks, linkPart, linkTexts } from "../view/links.mjs";
import { createVoice, reducedMotion, scrollThere, watchArrival } from "../view/page.mjs";
import { exposeFigure, paragraph } from "../view/parts.mjs";
import { createPlayer } from "../view/player.mjs";
import { createRedraw, followWidth } from "../view/redraw.mjs";
import { linkNumber, putChoices, putNumbers } from "../view/settings.mjs";
import { shareState } from "../view/shared_state.mjs";
import { createTable } from "../view/table.mjs";
import { createFamilies } from "./family.mjs";
import { createStage, legAt } from "./stage.mjs";
import { columnsOf, NOTES, plainData, resultSentence, stepSentence } from "./words.mjs";

const NARROW = 560; // pixels: below, the form for a phone
const TURNS = [8000, 5000]; // milliseconds that the first turns take: to be read
const TURN = 2200; // and each after them
const STILL_TURN = 1000; // where nothing moves

/**
 * Draw a figure into el and keep it in step with the model.
 * @param {{model: Object, el: HTMLElement}} given  an anywidget model with the traits `state`
 *   ({policy, seed, t}), `meta` and `runs`: see the Python class Ring
 * @returns {function(): void} which takes down what would outlive el
 */
function renderRing({ model, el }) {
  const meta = model.get("meta");
  const { name, counts, limits } = meta;
  const T = limits.t[1];
  const familyOf = createFamilies(meta, model.get("runs"));
  const initial = model.get("state");
  const n = counts.reduce((sum, count) => sum + count, 0);
  const stages = {};
  for (const [form, layout] of Object.entries(meta.layout)) {
    stages[form] = createStage(layout, n, counts.length);
  }
  const table = createTable(meta.title);
  const player = createPlayer((t, position = t) => moveTo(position - 1), onRest, positionAt);
  const copier = createCopier(name, () => {
    player.rest();
    return linkPart(name, settings, LINKED);
  });
  const voice = createVoice(() => parts.root);
  const parts = layOutRing({ meta, player, copier, table, voice, isPage: Boolean(isOnPage(el)) });
  const shared = shareState(model);
  const redraw = createRedraw(refresh);
  const texts = linkTexts(location.hash).get(name);

  let settings = complete(texts ? ofLink(texts) : {});
  const startsAlone = initial.autoplay && !texts && !reducedMotion();
  if (startsAlone) settings = { ...settings, t: 0 };
  let at = settings.t; // the same, with the part of a turn that is under way
  let base = 0;
  let form = "wide";

  function complete(raw, on = initial) {
    const found = { ...on };
    putChoices(found, raw, { policy: ["replace", "mix"] });
    putNumbers(found, raw, limits);
    return found;
  }

  /** Where playing has come after so many milliseconds; a turn that was stopped goes on. */
  function positionAt(elapsed, from) {
    if (elapsed === 0) base = Math.floor(at) === from - 1 ? at : from - 1;
    let [position, left] = [base, elapsed];
    while (left > 0 && position < T) {
      const whole = reducedMotion() ? STILL_TURN : (TURNS[Math.floor(position)] ?? TURN);
      const ahead = Math.floor(position) + 1 - position;
      const done = Math.min(ahead, left / whole);
      left -= done * whole;
      position = done === ahead ? Math.round(position + done) : position + done;
    }
    return position + 1;
  }

  function moveTo(position) {
    at = reducedMotion() ? Math.floor(position) : position;
    settings = { ...settings, t: Math.floor(at) };
    refresh();
  }

  function onRest() {
    redraw.schedule();
  }

  function apply(change) {
    settings = complete(change, settings);
    at = "t" in change ? settings.t : at;
    redraw.schedule();
  }

  function refresh() {
    redraw.begin();
    const family = familyOf(settings);
    const { t, policy, seed } = settings;
    const part = at - t;
    const isUnderWay = part > 0 || (player.playing && t < T && !reducedMotion());
    const { station } = isUnderWay ? legAt(part) : {};
    const stage = stages[form];
    if (isUnderWay) stage.move(family, t + 1, part);
    else stage.rest(family, t);
    for (const [key, node] of Object.entries(parts.stations)) {
      node.classList.toggle("cl-active", key === station);
    }
    const isTold = isUnderWay && t < TURNS.length;
    const result = resultSentence(family, t, policy);
    setText(parts.said, isTold ? stepSentence(family, t + 1, station) : result);
    parts.keep.checked = policy === "mix";
    setText(parts.seed, `Seed ${seed}`);
    const shownName = t === 0 ? "real data" : `${t} / ${T}`;
    player.update({ t: t + 1, n_generations: T + 1, name: shownName });
    if (player.playing) return;
    stage.node.setAttribute("aria-label", `${meta.title}. ${result}`);
    shared.write(settings);
    table.show(() => columnsOf(family));
    voice.say(result);
  }

  function resize(width) {
    const wanted = width && width < NARROW ? "narrow" : "wide";
    if (form === wanted && parts.stage.firstChild === stages[form].node) return false;
    form = wanted;
    parts.show(form, meta.layout[form], stages[form].node);
    return true;
  }

  function onState() {
    if (!shared.hasChanged()) return;
    player.rest();
    apply(model.get("state"));
  }

  function onLink(said) {
    player.rest();
    settings = complete(ofLink(said));
    at = settings.t;
    refresh();
  }

  parts.keep.addEventListener("change", () => {
    apply({ policy: parts.keep.checked ? "mix" : "replace" });
  });
  parts.another.addEventListener("click", () => {
    const [first, last] = limits.seed;
    apply({ seed: settings.seed < last ? settings.seed + 1 : first });
  });

  el.append(parts.root);
  const unfollowWidth = followWidth(parts.root, resize, redraw.schedule);
  model.on("change:state", onState);
  const unfollow = followLinks(name, parts.root, onLink);
  refresh();
  if (texts) scrollThere(parts.root);
  const unwatch = startsAlone ? watchArrival(parts.box, player.play) : () => {};
  const data = () => plainData(familyOf(settings), settings.t);
  exposeFigure(el, redraw, refresh, { state: () => settings, data });

  return () => {
    player.rest();
    unwatch();
    unfollowWidth();
    voice.rest();
    redraw.begin();
    model.off("change:state", onState);
    unfollow();
  };
}

const LINKED = ["policy", "seed", "t"];

function ofLink(texts) {
  const { policy, seed = "", t = "" } = texts;
  return { policy, seed: linkNumber(seed), t: linkNumber(t) };
}

function isOnPage(el) {
  return el.closest("[data-cl-view]");
}

/** The figure's elements in reading order: the ring first, what moves it below. */
function layOutRing({ meta, player, copier, table, voice, isPage }) {
  const stage = make("div", { class: "cl-ring-stage" });
  const stations = {};
  for (const [station, link] of Object.entries(meta.links)) {
    const [page, anchor] = link.split("#");
    const href = isPage ? `${page}.html#${anchor}` : `${page}.ipynb`;
    const words = [make("b", { text: station }), make("span", { text: NOTES[station] })];
    stations[station] = make("a", { class: "cl-station", href, "data-cl-key": station }, ...words);
  }
  const ways = make("nav", { "aria-label": "Stations" }, ...Object.values(stations));
  const box = make("div", { class: "cl-ring-box", "data-cl-data": true }, ways, stage);
  const said = make("p", { class: "cl-answer" });
  const keep = make("input", { type: "checkbox", "data-cl-key": "policy" });
  const switched = make("label", { class: "cl-keep" }, keep);
  switched.append(make("span", { text: "Keep asking the real objects" }));
  const another = make("button", { type: "button", text: "Another run" });
  const seed = make("span", { class: "cl-quiet-text" });
  const { copy, copied, link } = copier;
  const actions = make("div", { class: "cl-actions" });
  actions.append(switched, another, seed, copy, copied, link);
  const root = make("div", { class: "cl-loop cl-goes-round", role: "group" });
  root.setAttribute("aria-label", meta.title);
  root.append(
    ...paragraph("cl-title", meta.title),
    ...paragraph("cl-try", meta.tryThis),
    box,
    said,
    player.node,
    actions,
    ...paragraph("cl-caption", meta.caption),
    table.node,
    voice.node,
  );

  /** Put the stations where a form has them. */
  function show(form, { size, card, stations: centres }, node) {
    box.dataset.clForm = form;
    stage.replaceChildren(node);
    const part = (length, of) => `${((100 * length) / of).toFixed(2)}%`;
    for (const [station, [x, y]] of Object.entries(centres)) {
      Object.assign(stations[station].style, {
        left: part(x - card[0] / 2, size[0]),
        top: part(y - card[1] / 2, size[1]),
        width: part(card[0], size[0]),
        height: part(card[1], size[1]),
      });
    }
  }
  return { root, box, stage, stations, said, keep, another, seed, show };
}

export default { render: renderRing };
