/** What the drawing says, in words: one sentence, a legend, and the few numbers to remember. */

import { make, makeSvg, setText } from "./dom.mjs";
import { groupedText, numberText, percentText, shortName, valueText } from "./measures.mjs";
import { extinctionBy, standing } from "./results.mjs";
import { POLICY_NAMES } from "./settings.mjs";

const SIGNS = {
  band: [["cl-path-band", "M0 2H24V12H0z"], ["cl-path-median", "M0 7H24"]],
  only: [["cl-path-mean cl-main", "M0 7H24"]],
  mean: [["cl-path-mean", "M1 7H24"]],
  runs: [["cl-path-runs", "M0 10L5 5L10 9L15 3L24 7"]],
  law: [["cl-path-law", "M0 7H24"]],
  frames: [["cl-path-frames", "M0 7H24"]],
  guess: [["cl-mark-guess", "M12 1l6 6l-6 6l-6 -6z"]],
  answer: [["cl-mark-answer", "M12 0l7 7l-7 7l-7 -7z"]],
};

/** The result as a sentence. */
export function resultSentence(results, s) {
  const { measure, mean, median, lower, upper } = results;
  const text = (values) => valueText(values[s.t - 1], measure);
  const head = `${POLICY_NAMES[s.policy].split(":")[0]}, n = ${groupedText(s.n)}.`;
  const of = `of ${s.replicates} runs`;
  if (median === null) {
    const name = shortName(s.names[s.colour]);
    return `${head} At generation ${s.t}, ${name} is gone in ${text(mean)} ${of}.`;
  }
  return (
    `${head} At generation ${s.t} of ${s.generations}, the ${measure.label} has the median ` +
    `${text(median)}; 80 % ${of} lie between ${text(lower)} and ${text(upper)}; ` +
    `the mean is ${text(mean)}.`
  );
}

/** The legend: [sign, text] for what is drawn. */
export function legendOf(results, shown, s) {
  const keys = [];
  if (shown.median) keys.push(["band", `median and central 80 % of ${s.replicates} runs`]);
  if (shown.median) keys.push(["mean", "mean"]);
  else if (shown.mean) keys.push(["only", `share of ${s.replicates} runs`]);
  if (shown.runs.length) keys.push(["runs", s.runs === 1 ? "run 1" : `runs 1 to ${s.runs}`]);
  if (shown.law) keys.push(["law", `${results.law.label} · ${results.law.source}`]);
  else if (!results.law) keys.push([null, "no closed form is known for these settings"]);
  if (shown.guess) keys.push(["guess", "your guess"]);
  if (shown.answer) keys.push(["answer", "what came out"]);
  if (shown.frames.length) keys.push(["frames", "Python, on rows"]);
  return keys;
}

/** A list that is made anew only where its entries change. */
export function createLegend() {
  const node = make("ul", { class: "cl-legend" });
  let known = "";
  return {
    node,
    update(keys) {
      if (JSON.stringify(keys) === known) return;
      known = JSON.stringify(keys);
      node.replaceChildren(...keys.map(([sign, text]) => legendEntry(sign, text)));
    },
  };
}

function legendEntry(sign, text) {
  if (sign === null) return make("li", { class: "cl-quiet-text", text });
  const paths = SIGNS[sign].map(([name, d]) => makeSvg("path", { class: name, d }));
  const box = { viewBox: "0 0 24 14", class: "cl-sign", "aria-hidden": "true" };
  return make("li", {}, makeSvg("svg", box, ...paths), make("span", { text }));
}

/** The numbers to remember: [name, value, note] at the generation shown. */
export function factsOf(results, s) {
  const { measure, mean, median, lower, upper, extinction } = results;
  const text = (values) => valueText(values[s.t - 1], measure);
  const facts = [];
  if (median) {
    const bare = valueText(lower[s.t - 1], { ...measure, unit: "" });
    const range = `80 % of runs: ${bare} to ${text(upper)}`;
    facts.push([`median ${measure.label}`, text(median), range]);
    facts.push([`mean ${measure.label}`, text(mean), lawNote(results, s)]);
  } else {
    facts.push([measure.label, text(mean), lawNote(results, s)]);
  }
  if (extinction) {
    const { gone, median: middle } = extinctionBy(extinction, s.t);
    const name = shortName(s.names[s.colour]);
    const runs = `of ${s.replicates} runs`;
    const value = gone ? `generation ${numberText(middle)}` : "–";
    const note = gone ? `median, in ${gone} ${runs}` : `in none ${runs} so far`;
    facts.push([`time until ${name} was lost`, value, note]);
  }
  if (median) {
    const { text: value, below, level } = standing(results, s);
    const tied = level >= 0.05 ? `, level with ${percentText(level)} %` : "";
    const note = `above ${percentText(below)} % of the others${tied}`;
    facts.push(["how lucky was run 1?", valueText(value, measure), note]);
  }
  return facts;
}

function lawNote({ law, measure }, s) {
  return law ? `closed form: ${valueText(law.values[s.t - 1], measure)}` : "no closed form known";
}

/** The facts as a list of definitions, whose nodes stay where they are. */
export function createFacts() {
  const node = make("dl", { class: "cl-facts" });
  const cells = [];
  return {
    node,
    update(facts) {
      while (cells.length < facts.length) cells.push(factCell());
      facts.forEach((fact, i) => cells[i].parts.forEach((part, j) => setText(part, fact[j])));
      const wanted = cells.slice(0, facts.length).map((cell) => cell.node);
      if (node.childElementCount !== facts.length) node.replaceChildren(...wanted);
    },
  };
}

function factCell() {
  const parts = [make("dt"), make("dd", { class: "cl-value" }), make("dd", { class: "cl-note" })];
  return { node: make("div", {}, ...parts), parts };
}
