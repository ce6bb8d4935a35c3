export * from "./lcm";
export * from "./recursive";
export * from "./vae";
