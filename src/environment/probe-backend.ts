// Run in a process of its own by doctor: starts the backend and prints what computes, as JSON. A native library that
// crashes, or writes to the terminal while it loads, then does so here.
import process from "node:process";
import { startBackend } from "../tensor";

startBackend().then(
  (backend) => process.stdout.write(JSON.stringify(backend)),
  (error: Error) => {
    process.stdout.write(JSON.stringify({ error: error.message }));
    process.exitCode = 1;
  },
);
