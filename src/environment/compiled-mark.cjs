// What was compiled of a source ends with a mark of the source's text: whoever reads it knows whether it still is of that text, and
// whether it was written to its end.
const crypto = require("node:crypto");

/** The last line of what is compiled of a source. @param {string | Buffer} source */
exports.markOf = (source) => `//# compiledOf=${crypto.createHash("sha256").update(source).digest("hex")}`;
