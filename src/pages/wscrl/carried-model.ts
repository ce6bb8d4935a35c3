// What the page carries: a trained ILCM, the true system behind its data, and observations to intervene on.
import type { Ancestors } from "../../models/lcm/solution-functions";

export interface CarriedModel {
  latents: number;
  ancestors: Ancestors;
  /** Parameters by name. */
  weights: Record<string, { shape: number[]; data: number[] }>;
  /** Which latent stands for each variable, and the straight line from latent to variable. [variables] */
  variables: { latent: number; slope: number; offset: number }[];
  /** Variables from first cause to last effect, as the model has them. */
  order: number[];
  nature: {
    variables: number;
    graph: number[][];
    weights: number[][];
    rotation: number[][];
  };
  /** Held-out observations, with the causal variables behind them, which the model has never been told. */
  examples: { observed: number[]; causal: number[] }[];
  disentanglement: number;
  /** Which training it is of, in words. */
  title: string;
}
