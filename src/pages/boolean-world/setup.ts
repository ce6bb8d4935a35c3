// What a user has set up, as plain data: the state, what is switched off, which weights are flipped. It is what undo goes
// back to and what a link holds, such as `#state=1,0,1,0,1&off=h0.2,m3,n1.37&flip=h.0.mlp.c_fc:1:0.01:sign:0`.
import type { Gpt2Configuration } from "../../models";
import type { Intervention } from "../../models/gpt2/interpret/interventions";
import type { TimedWeightFlip } from "../../models/gpt2/interpret/weight-flips";

/** A part that can be switched off: a head or neuron, or what a layer's attention, its MLP, or both write. */
export type Part =
  | { kind: "head" | "neuron"; layer: number; index: number }
  | { kind: "attention" | "mlp" | "layer"; layer: number };

export interface FlipSetup {
  /** The weight's name without `transformer.` and `.weight`, such as `h.0.mlp.c_fc`. */
  weight: string;
  seed: number;
  /** The share of its elements, from 0 to 1. */
  fraction: number;
  /** 0 to 31; 31 is the sign. */
  bit: number;
  /** Before which generated token; 0: before the prompt is read. */
  atToken: number;
}

export interface Setup {
  /** What stands in the text field, a state or not yet one. */
  text: string;
  off: readonly Part[];
  /** What stands in for a part that is off. */
  by: "zero" | "mean";
  flips: readonly FlipSetup[];
}

export const SIGN_BIT = 31;

const LETTERS = { head: "h", neuron: "n", attention: "a", mlp: "m", layer: "l" } as const;
const KINDS = { h: "head", n: "neuron", a: "attention", m: "mlp", l: "layer" } as const;

/** Such as "h0.2": a name for the link and for telling parts apart. */
export const partKey = (part: Part): string =>
  `${LETTERS[part.kind]}${part.layer}${"index" in part ? `.${part.index}` : ""}`;

/** Such as "head 3 of layer 1"; people count from 1. */
export function partTitle(part: Part): string {
  const layer = `layer ${part.layer + 1}`;
  if (part.kind === "head") return `Head ${part.index + 1} of ${layer}`;
  if (part.kind === "neuron") return `Neuron ${part.index + 1} of ${layer}`;
  if (part.kind === "layer") return `Layer ${part.layer + 1}`;
  return part.kind === "attention" ? `Attention of ${layer}` : `MLP of ${layer}`;
}

export const isOff = ({ off }: Setup, part: Part): boolean =>
  off.some((other) => partKey(other) === partKey(part));

/** The set-up with a part switched on or off. */
export function withPart(setup: Setup, part: Part, off: boolean): Setup {
  const others = setup.off.filter((other) => partKey(other) !== partKey(part));
  return { ...setup, off: off ? [...others, part] : others };
}

/** The weights that can be flipped, as `FlipSetup` names them: all but biases and norms. */
export const flippable = ({ layers }: Gpt2Configuration): string[] => [
  ...Array.from({ length: layers }, (_, layer) =>
    ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"].map((name) => `h.${layer}.${name}`),
  ).flat(),
  "wte",
  "wpe",
];

export const interventionsOf = ({ off, by }: Setup): Intervention[] =>
  off.map((part): Intervention => {
    const { layer } = part;
    if (part.kind === "head") return { kind: "ablate-head", layer, head: part.index, by };
    if (part.kind === "neuron") return { kind: "ablate-neurons", layer, neurons: [part.index], by };
    return { kind: "ablate-layer", layer, part: part.kind === "layer" ? "both" : part.kind, by };
  });

export const flipsOf = ({ flips }: Setup): TimedWeightFlip[] =>
  flips.map(({ weight, seed, fraction, bit, atToken }) => ({
    weight: `transformer.${weight}.weight`,
    elements: { fraction, seed },
    bits: [bit],
    atToken,
  }));

/** The part of an address after "#". */
export function formatSetup({ text, off, by, flips }: Setup): string {
  const fields = [`state=${encodeURIComponent(text).replace(/%2C/g, ",")}`];
  if (off.length > 0) fields.push(`off=${off.map(partKey).join(",")}`);
  if (by === "mean") fields.push("by=mean");
  for (const { weight, seed, fraction, bit, atToken } of flips)
    fields.push(`flip=${[weight, seed, fraction, bit === SIGN_BIT ? "sign" : bit, atToken].join(":")}`);
  return fields.join("&");
}

/**
 * Reads a link. What a model of these sizes does not have is left out.
 *
 * @param options.first what stands in for a state that the link does not hold
 * @param options.mostWritten how many tokens the model writes at most: flips are before one of them
 */
export function parseSetup(
  hash: string,
  configuration: Gpt2Configuration,
  { first, mostWritten }: { first: string; mostWritten: number },
): Setup {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const parts = (fields.get("off") ?? "").split(",").flatMap((key) => parsePart(key, configuration));
  const off = parts.filter((part, i) => parts.findIndex((other) => partKey(other) === partKey(part)) === i);
  return {
    text: (fields.get("state") ?? first).slice(0, LONGEST_TEXT),
    off,
    by: fields.get("by") === "mean" ? "mean" : "zero",
    flips: fields
      .getAll("flip")
      .slice(0, MOST_FLIPS)
      .flatMap((flip) => parseFlip(flip, configuration, mostWritten)),
  };
}

export const LONGEST_TEXT = 200;
export const MOST_FLIPS = 8;
export const GREATEST_SEED = 999_999;

function parsePart(key: string, { layers, heads, width }: Gpt2Configuration): Part[] {
  const found = /^(?:([hn])(\d{1,6})\.(\d{1,6})|([aml])(\d{1,6}))$/.exec(key);
  if (!found) return [];
  const layer = Number(found[2] ?? found[5]);
  if (layer >= layers) return [];
  if (found[4]) return [{ kind: KINDS[found[4] as "a" | "m" | "l"], layer }];
  const kind = KINDS[found[1] as "h" | "n"];
  const index = Number(found[3]);
  return index < (kind === "head" ? heads : 4 * width) ? [{ kind, layer, index }] : [];
}

function parseFlip(text: string, configuration: Gpt2Configuration, mostWritten: number): FlipSetup[] {
  const [weight, seed, fraction, bit, atToken, ...more] = text.split(":");
  const whole = (field: string | undefined, most: number) =>
    field !== undefined && /^\d{1,6}$/.test(field) && Number(field) <= most ? Number(field) : undefined;
  const flip = {
    weight,
    seed: whole(seed, GREATEST_SEED),
    fraction: /^(0|1|0?\.\d{1,9})$/.test(fraction ?? "") ? Number(fraction) : undefined,
    bit: bit === "sign" ? SIGN_BIT : whole(bit, SIGN_BIT),
    atToken: whole(atToken, mostWritten - 1),
  };
  const known = flippable(configuration).includes(weight) && more.length === 0;
  return known && !Object.values(flip).includes(undefined) ? [flip as FlipSetup] : [];
}
