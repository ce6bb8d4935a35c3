/**
 * The phases of training, in their order: "pretraining" as a beta-VAE; "observational", all interventions enumerated but
 * the intervened variable without a density; "interventional", with it; "deterministic", with the most probable
 * intervention of each pair alone.
 */
export type IlcmPhase = "pretraining" | "observational" | "interventional" | "deterministic";
