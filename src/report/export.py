"""Writes an executed notebook's report to standard output, as JupyterLab's own HTML export would."""

import sys
from pathlib import Path

sys.modules["rfc3987_syntax"] = None  # jsonschema does without it; its grammar takes a second to build
sys.path.insert(0, str(Path(__file__).resolve().parent / "nbconvert"))

from dolab_report import configure  # noqa: E402
from nbconvert import HTMLExporter  # noqa: E402
from traitlets.config import Config  # noqa: E402

if __name__ == "__main__":
    html, _ = HTMLExporter(config=configure(Config())).from_filename(sys.argv[1])
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(html)
