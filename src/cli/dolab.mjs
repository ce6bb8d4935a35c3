#!/usr/bin/env node
// The command `dolab`: teaches Node to load TypeScript and hands over to main.ts.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
try {
  require.resolve("tsx/cjs/api");
} catch {
  process.stderr.write("dolab is not set up yet: run `npm run set-up` in its folder\n");
  process.exit(1);
}
if (process.env.DOLAB_DEBUG) process.setSourceMapsEnabled(true); // for the traces that main.ts then prints
require("../environment/load-typescript.cjs");
require("./main.ts").main(process.argv);
