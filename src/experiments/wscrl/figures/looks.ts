// How the models are drawn, in every figure.
import { colours } from "../../colours";
import type { ModelKind } from "../configuration";

/** `shift` keeps points of one dimension from covering each other. */
export const looks: Record<ModelKind, { colour: string; symbol: string; shift: number }> = {
  ilcm: { colour: colours.blue, symbol: "circle", shift: -0.05 },
  dvae: { colour: colours.orange, symbol: "square", shift: 0 },
  betavae: { colour: colours.purple, symbol: "diamond", shift: 0.05 },
  elcm_fixed_order: { colour: colours.green, symbol: "triangle-up", shift: -0.1 },
  elcm_enco: { colour: colours.sky, symbol: "triangle-down", shift: 0.1 },
  elcm_dds: { colour: colours.vermillion, symbol: "x", shift: 0.15 },
};
