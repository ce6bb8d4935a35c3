// The files of a saved model that the page reads; nothing else of the folder is ever served or embedded.

export const modelFileNames = [
  "config.json",
  "vocab.json",
  "merges.txt",
  "world.json",
  "model.safetensors",
] as const;

export type ModelFileName = (typeof modelFileNames)[number];
