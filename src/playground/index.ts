export { LARGEST_PAGE, playgroundHtml } from "./playground-html";
export { type PlaygroundServer, type ServeOptions, servePlayground } from "./serve-playground";
