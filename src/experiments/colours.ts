// One colour for the same thing in every figure. The hues are those of Okabe and Ito (2008, "Color Universal Design"),
// which people with any common colour vision tell apart, without black and yellow, which vanish on a dark or white page.

export const colours = {
  blue: "#0072B2",
  vermillion: "#D55E00",
  green: "#009E73",
  purple: "#CC79A7",
  sky: "#56B4E9",
  orange: "#E69F00",
  grey: "#808080",
  correct: "#009E73",
  wrong: "#D55E00",
  ordered: "#0072B2",
  collapse: "#D55E00",
  control: "#808080",
} as const;
