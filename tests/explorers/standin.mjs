/** The host's own test subject: a button and a number, names as text, and what it was told. */

import { plusOne, NAMES_BEFORE } from "./standin_sum.mjs";

export default {
  render({ model, el }) {
    const button = document.createElement("button");
    const number = document.createElement("output");
    const names = document.createElement("p");
    const show = () => {
      number.textContent = model.get("state").number;
      names.textContent = NAMES_BEFORE + model.get("state").names.join(", ");
    };
    button.textContent = "add one";
    button.addEventListener("click", () => {
      const state = model.get("state");
      model.set("state", { ...state, number: plusOne(state.number) });
      model.save_changes();
    });
    model.on("change:state", show);
    el.append(button, number, names);
    show();
    if (model.get("state").fails) throw new Error("the view failed");
  },
};
