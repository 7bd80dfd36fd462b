/** What the drawing says, in words: one sentence, a legend, and the few numbers to remember. */

import { groupedText, numberText, percentText, shortName, valueText } from "../view/numbers.mjs";
import { extinctionBy, standing } from "./results.mjs";
import { POLICY_NAMES } from "./settings.mjs";

/** The result as a sentence. */
export function resultSentence(results, s) {
  const { measure, mean, median, lower, upper } = results;
  const text = (values) => valueText(values[s.t - 1], measure);
  const head = `${POLICY_NAMES[s.policy].split(":")[0]}, n = ${groupedText(s.n_samples)}.`;
  const of = `of ${s.n_replicates} runs`;
  if (median === null) {
    const name = shortName(s.names[s.colour]);
    return `${head} At generation ${s.t}, ${name} is gone in ${text(mean)} ${of}.`;
  }
  return (
    `${head} At generation ${s.t} of ${s.n_generations}, the ${measure.label} has the median ` +
    `${text(median)}; 80 % ${of} lie between ${text(lower)} and ${text(upper)}; ` +
    `the mean is ${text(mean)}.`
  );
}

/** The legend: [sign, text] for what is drawn. */
export function legendOf(results, shown, s) {
  const keys = [];
  if (shown.median) keys.push(["band", `median and central 80 % of ${s.n_replicates} runs`]);
  if (shown.median) keys.push(["mean", "mean"]);
  else if (shown.mean) keys.push(["only", `share of ${s.n_replicates} runs`]);
  if (shown.runs.length) keys.push(["runs", s.runs === 1 ? "run 1" : `runs 1 to ${s.runs}`]);
  if (shown.law) keys.push(["law", `${results.law.label} · ${results.law.source}`]);
  else if (!results.law) keys.push([null, "no closed form is known for these settings"]);
  if (shown.guess) keys.push(["guess", "your guess"]);
  if (shown.answer) keys.push(["answer", "what came out"]);
  if (shown.frames.length) keys.push(["frames", "Python, on rows"]);
  return keys;
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
    const runs = `of ${s.n_replicates} runs`;
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
