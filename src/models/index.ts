export * from "./citris";
export * from "./gpt2";
export * from "./lcm";
export * from "./recursive";
export * from "./resnet";
export * from "./vae";
