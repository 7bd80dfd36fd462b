/**
 * A run of the learner's: frames that Python sends while they are made. Each message holds one; a
 * figure that has missed some, or was opened later, asks for all of them again.
 */

import { joined, ownBuffer, readCondition } from "./store.mjs";

/**
 * @param {Object} model
 * @param {function(boolean, ?number): void} changed  takes whether a run begins, and the generation
 *   that was its last before; the condition of a run without a frame yet is null
 */
export function createRun(model, changed) {
  let number = null; // of the run
  let count = 0;
  const run = { condition: null, ask, stop };

  function ask() {
    model.send({ kind: "frames?" });
  }

  function onMessage(message, buffers) {
    if (message?.kind === "begin") {
      if (message.run === number) return;
      [run.condition, number, count] = [null, message.run, 0];
      changed(true, null);
      return;
    }
    if (message?.kind !== "frame") return;
    const { run: of, index, condition } = message;
    const begins = index === 0 && (of !== number || count === 0);
    if (!begins && of === number && index < count) return;
    if (!begins && (of !== number || index > count)) return ask();
    const previousLast = begins ? null : run.condition.generations.at(-1);
    const frame = readCondition(condition, ownBuffer(buffers[0]));
    run.condition = begins ? frame : joined(run.condition, frame);
    [number, count] = [of, index + 1];
    changed(begins, previousLast);
  }

  function stop() {
    model.off("msg:custom", onMessage);
  }

  model.on("msg:custom", onMessage);
  return run;
}
