#!/usr/bin/env node
// The command `dolab`: teaches Node to load TypeScript and hands over to main.ts.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
try {
  require("tsx/cjs/api").register();
} catch {
  process.stderr.write("dolab is not set up yet: run `npm run set-up` in its folder\n");
  process.exit(1);
}
require("./main.ts").main(process.argv);
