export { playgroundHtml, servePlayground } from "./boolean-world/node/playground-html";
export { citrisPageHtml } from "./citris/node/citris-html";
export type { PageDefinition } from "./kit/node/bundle-page";
export { type CarriedFiles, LARGEST_PAGE, pageHtml } from "./kit/node/page-html";
export { type PageServer, type ServedFiles, type ServeOptions, servePage } from "./kit/node/serve-page";
export { serveTheatre, type TheatreOptions, theatreHtml } from "./reasoners/node/theatre-html";
export { w2PageHtml } from "./w2/node/w2-page-html";
export { wscrlPageHtml } from "./wscrl/node/wscrl-html";
