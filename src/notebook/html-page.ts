// A whole HTML page inside an output, such as the playground: in a frame of its own, whose scripts run but cannot reach the
// notebook or report around it, nor its storage.
import { type DisplayBundle, display } from "./display";
import { escapeHtml } from "./escape-html";

export interface HtmlPageOptions {
  /** What the page is, for readers who cannot see it and for viewers that show no pages. */
  title: string;
  /** Pixels; the width follows the notebook. */
  height?: number;
}

/**
 * Shows a page in the running cell. JupyterLab drops outputs of more than 3 MB unless it is started by `npm run lab`, or
 * told otherwise (`--ZMQChannelsWebsocketConnection.iopub_data_rate_limit=1e8`).
 *
 * @param html a page that needs no other file
 * @param options its title, which must not be empty, and its height in pixels
 * @throws {RangeError} where the title is empty
 * @example
 * import { htmlPage, htmlPageBundle } from "dolab";
 * htmlPage("<!DOCTYPE html><p>One small page.", { title: "A page", height: 80 });
 * htmlPageBundle("<!DOCTYPE html>", { title: "A page" }).data["text/plain"]; // => "Page: A page"
 */
export function htmlPage(html: string, options: HtmlPageOptions): void {
  display(htmlPageBundle(html, options));
}

/**
 * Makes the output that `htmlPage` shows: a frame that holds the page.
 *
 * @param html a page that needs no other file
 * @param options as those of `htmlPage`
 * @throws {RangeError} where the title is empty
 * @example
 * import { htmlPageBundle } from "dolab";
 * const { data } = htmlPageBundle("<!DOCTYPE html><p>One small page.", { title: "A page" });
 * /sandbox="allow-scripts"/.test(String(data["text/html"])); // => true
 */
export function htmlPageBundle(html: string, { title, height = 700 }: HtmlPageOptions): DisplayBundle {
  if (title.trim() === "")
    throw new RangeError('Cannot show a page as its frame needs a title that says what it is: got ""');
  const frame =
    `<iframe class="dolab-page" title="${escapeHtml(title)}" sandbox="allow-scripts" loading="lazy" ` +
    `style="width: 100%; height: ${height}px; border: 1px solid var(--jp-border-color2, #8888)" ` +
    `srcdoc="${escapeHtml(html)}"></iframe>`;
  return { data: { "text/html": frame, "text/plain": `Page: ${title}` }, metadata: {} };
}
