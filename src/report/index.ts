export {
  type ExecuteOptions,
  type ExecutionEvent,
  type ExecutionOutcome,
  executeNotebook,
  type RunError,
} from "./execute-notebook";
export { type ExecutedNotebook, readExecutedNotebook } from "./executed-notebook";
export { exportReport } from "./export-report";
export { type MakeReportOptions, makeReport, type Report } from "./make-report";
export {
  type MakeReportsOptions,
  makeReports,
  type NotebookState,
  type ReportsMade,
} from "./make-reports";
export { plotlyScript } from "./plotly-script";
export { type PendingNotebook, writeReportIndex } from "./report-index";
export {
  type DrawnFile,
  type DrawnPictures,
  drawStaticPictures,
  type PictureRequest,
  type PicturesWritten,
  renderStaticPictures,
} from "./static-picture";
