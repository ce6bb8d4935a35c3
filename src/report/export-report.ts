// An executed notebook as one offline HTML file, through nbconvert and the template in ./nbconvert: the same that
// JupyterLab's "Save and Export Notebook As > HTML" writes.
import path from "node:path";
import { writeFileAtomically } from "../io/write-atomically";
import { lastLine } from "./execute-notebook";
import { plotlyScript } from "./plotly-script";
import { runPython } from "./python";

/**
 * Exports an executed notebook as one offline HTML file.
 *
 * @param executed an executed notebook (.ipynb)
 * @param html where the report goes; it is there whole or not at all
 * @throws {Error} with nbconvert's reason
 */
export async function exportReport(executed: string, html: string): Promise<void> {
  await plotlyScript();
  const { code, output, complaints } = await runPython("export.py", [path.resolve(executed)]);
  if (code !== 0) throw new Error(`Cannot export ${executed} as nbconvert failed: ${lastLine(complaints)}`);
  writeFileAtomically(html, output);
}
