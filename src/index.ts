// What `import { ... } from "dolab"` gives: the library under the notebooks.
export * from "./data";
export * from "./experiments";
export * from "./io";
export * from "./models";
export * from "./notebook";
export * from "./pages";
export * from "./random";
export * from "./stats";
export * from "./sweep";
export * from "./tensor";
export * from "./tracking";
export * from "./train";
