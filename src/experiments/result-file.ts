// What an experiment leaves behind: figures as plain Plotly, the pictures of them, and text files.

export interface PlotlyFigure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

export interface TextFile {
  name: string;
  content: string;
}

/** A figure and the name, without extension, of the picture that a document makes of it. */
export interface Picture {
  name: string;
  figure: PlotlyFigure;
  /** Pixels, before scaling. */
  width: number;
  height: number;
}
