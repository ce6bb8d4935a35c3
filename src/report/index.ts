export type { ExecutionEvent, RunError } from "./execute-notebook";
export { type MakeReportOptions, makeReport, type Report } from "./make-report";
export {
  type MakeReportsOptions,
  makeReports,
  type NotebookState,
  type ReportsMade,
} from "./make-reports";
export type { PendingNotebook } from "./report-index";
export {
  type DrawnFile,
  type DrawnPictures,
  drawStaticPictures,
  type PictureRequest,
  type PicturesWritten,
  renderStaticPictures,
} from "./static-picture";
