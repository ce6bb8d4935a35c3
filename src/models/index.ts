export * from "./recursive";
