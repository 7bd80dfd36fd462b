/** Predict, then reveal: the reader says first what will come out. */

import { make, setText } from "../view/dom.mjs";
import { valueText } from "../view/numbers.mjs";

/**
 * @typedef {Object} Predict  question; unit, such as "%"; lower, upper: ends of the slider, in
 * drawn units; t: the generation asked about; answer: "median" or "mean".
 */

export const OTHER_SETTINGS =
  "Your guess was about the settings that the figure began with; Start again brings them back.";

/**
 * @param {Predict} predict
 * @param {function(number): void} onGuess  takes each guess
 * @param {function(number): void} onReveal  takes the last one
 */
export function createPredict(predict, onGuess, onReveal) {
  const { lower, upper, unit = "" } = predict;
  const range = make("input", { type: "range", min: lower, max: upper, step: guessStep(predict) });
  const guessed = make("output", { class: "cl-guess" });
  const label = make("label", {}, make("span", { text: "Your guess" }), range);
  const reveal = make("button", { type: "button", class: "cl-primary", text: "Reveal" });
  const row = make("div", { class: "cl-guess-row" }, label, guessed, reveal);
  const verdict = make("p", { class: "cl-verdict", role: "status", tabindex: "-1" });
  const question = make("p", { class: "cl-question", text: predict.question });
  const node = make("div", { class: "cl-predict" }, question, row, verdict);

  let told = null; // the guess that the verdict is about

  range.addEventListener("input", () => onGuess(range.valueAsNumber));
  reveal.addEventListener("click", () => {
    onReveal(range.valueAsNumber);
    verdict.focus();
  });

  return {
    node,
    /** @param {?string} words  the verdict, or null where the answer is not on show (yet) */
    update(guess, revealed, words) {
      if (guess !== told) setText(verdict, "");
      told = guess;
      range.value = guess ?? (lower + upper) / 2;
      const text = `${range.value}${unit === "%" ? " %" : unit && ` ${unit}`}`;
      setText(guessed, text);
      range.setAttribute("aria-valuetext", text);
      row.hidden = revealed;
      if (words !== null) setText(verdict, words);
    },
  };
}

/** The answer in words: how far the guess was off. */
export function verdictText(predict, guess, value, measure) {
  const said = valueText(guess, measure);
  const found = valueText(value, measure);
  const which = `the ${predict.answer === "mean" ? "mean" : "median"} at generation ${predict.t}`;
  if (said === found) return `You said ${said}, and so it is: ${which} is ${found}.`;
  const unit = measure.factor === 100 ? " points" : "";
  const off = valueText(Math.abs(guess - value), { ...measure, unit });
  const way = guess > value ? "high" : "low";
  return `You said ${said}; ${which} is ${found}. That is ${off} too ${way}.`;
}

function guessStep({ lower, upper }) {
  const rough = (upper - lower) / 100;
  const power = 10 ** Math.floor(Math.log10(rough) + 1e-9);
  return Number((rough / power < 2 ? power : 2 * power).toPrecision(6));
}
