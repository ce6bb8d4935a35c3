// A switch for a part of the model.
import { toggle } from "../../kit";
import type { Playground, View } from "../playground";
import { isOff, type Part, partTitle, withPart } from "../setup";

export const partSwitch = (page: Playground, part: Part, text: string): View =>
  toggle(page, {
    label: partTitle(part),
    text,
    get: (setup) => !isOff(setup, part),
    set: (setup, on) => withPart(setup, part, !on),
  });
