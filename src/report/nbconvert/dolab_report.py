"""Makes nbconvert's HTML export write dolab's report: one offline file, by the template beside this module.

`configure(config)` is all there is to call: from src/report/export.py, and from the Jupyter configuration files that
set-up installs (jupyter_config.py), through which JupyterLab's "Save and Export Notebook As > HTML" does the same.
The template asks the filter `dolab_report` for everything that takes more than markup.
"""

from __future__ import annotations

import json
import platform
import re
from pathlib import Path

from markdown_cells import render_markdown_cells
from markupsafe import Markup

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]

RUN = "application/vnd.dolab.run+json"
CLAIMS = "application/vnd.dolab.claims+json"
PLOTLY = "application/vnd.plotly.v1+json"
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def configure(config):
    """Sets up nbconvert's HTMLExporter. @param config a traitlets Config, changed in place"""
    config.TemplateExporter.extra_template_basedirs = [str(HERE / "templates")]
    config.TemplateExporter.filters = {"dolab_report": describe_report}
    exporter = config.HTMLExporter
    exporter.template_name = "dolab"
    exporter.embed_images = True
    for address in ("mathjax_url", "require_js_url", "jquery_url", "mermaid_js_url", "widget_renderer_url"):
        exporter[address] = ""
    exporter.mermaid_layout_elk_js_url = ""
    exporter.jupyter_widgets_base_url = ""
    config.NbConvertBase.display_data_priority = [
        RUN,
        PLOTLY,
        "text/html",
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "text/markdown",
        "text/latex",
        "text/plain",
    ]
    return config


def describe_report(notebook, resources) -> dict:
    """What the template needs to know of a notebook."""
    outcome = dict(notebook.metadata.get("dolab", {}))
    name = resources.get("metadata", {}).get("name", "")
    folder = resources.get("metadata", {}).get("path", "")
    markdown = render_markdown_cells(notebook.cells, folder)
    run_output = first_output(notebook, RUN)
    run = run_output.data[RUN] if run_output else {}
    error = outcome.get("error") or failed_output(notebook)
    return {
        "title": markdown.title or run.get("title") or notebook.metadata.get("title") or readable(name),
        "contents": markdown.contents,
        "markdown": markdown.html,
        "formula_style": markdown.formula_style,
        "run_output": run_output,
        "synthetic": run.get("dataIsSynthetic", False),
        "facts": facts(run, outcome),
        "claims": claims(notebook),
        "changed": [(key, plain(value)) for key, value in run.get("overrides", {}).items()],
        "parameters": parameters(run),
        "versions": versions(notebook, run),
        "date": date(outcome.get("startedAt") or run.get("announcedAt", "")),
        "executed": bool(outcome) or any(cell.get("outputs") for cell in notebook.cells),
        "running": outcome.get("running"),
        "error": error,
        "failed_cell": failed_cell(notebook, error),
        "plotly": Markup(plotly_script()) if first_output(notebook, PLOTLY) else "",
    }


def first_output(notebook, mime: str):
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return next((output for output in outputs if mime in output.get("data", {})), None)


def claims(notebook) -> dict | None:
    """How many claims of each verdict the last table of claims has, and the cell that it stands in."""
    found = None
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            rows = output.get("data", {}).get(CLAIMS, {}).get("claims")
            if rows:
                verdicts = [row["verdict"] for row in rows]
                others = [(verdict, verdicts.count(verdict)) for verdict in ("not shown", "cannot be told here")]
                found = {
                    "cell": index,
                    "count": f"{verdicts.count('shown')} of {len(rows)} shown",
                    "others": ", ".join(f"{count} {verdict}" for verdict, count in others if count),
                }
    return found


def failed_output(notebook) -> dict | None:
    """The error of a notebook that was run by hand."""
    number = 0
    for cell in notebook.cells:
        number += cell.cell_type == "code" and bool(cell.source.strip())
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return {"cell": number, "name": output.ename, "message": ANSI.sub("", output.evalue)}
    return None


def failed_cell(notebook, error: dict | None) -> int | None:
    """The index of the cell that the error names by its number among the code cells."""
    number = 0
    for index, cell in enumerate(notebook.cells):
        number += cell.cell_type == "code" and bool(cell.source.strip())
        if error and error.get("cell") == number:
            return index
    return None


def facts(run: dict, outcome: dict) -> list[tuple[str, str]]:
    seconds = outcome.get("wallTimeSeconds", run.get("wallTimeSeconds"))
    device = ", ".join(text for text in (run.get("backend"), run.get("device")) if text)
    every = [
        ("Preset", run.get("preset")),
        ("Seed", run.get("seed")),
        ("Data", run.get("dataSource")),
        ("Device", device),
        ("Wall time", duration(seconds) if seconds is not None else None),
    ]
    return [(name, str(value)) for name, value in every if value not in (None, "")]


def parameters(run: dict) -> list[dict]:
    """The configuration as flat rows: nested keys joined by dots, changed ones marked."""
    changed = set(flat(run.get("overrides", {})))
    rows = flat(run.get("parameters", {}))
    return [{"name": name, "value": plain(value), "changed": name in changed} for name, value in rows.items()]


def flat(values: dict, prefix: str = "") -> dict[str, object]:
    rows: dict[str, object] = {}
    for key, value in values.items():
        if isinstance(value, dict) and value:
            rows.update(flat(value, f"{prefix}{key}."))
        else:
            rows[f"{prefix}{key}"] = value
    return rows


def plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def versions(notebook, run: dict) -> list[tuple[str, str]]:
    language = notebook.metadata.get("language_info", {})
    found = {"dolab": package_version(PROJECT), language.get("name", ""): language.get("version")}
    found.update(run.get("versions", {}))
    found["python (export)"] = platform.python_version()
    return [(name, str(version)) for name, version in found.items() if name and version]


def package_version(folder: Path) -> str | None:
    try:
        return json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    except (OSError, KeyError, ValueError):
        return None


def plotly_script() -> str:
    """plotly.js, minified where src/report/plotly-script.ts has already done that (a third of the size)."""
    package = PROJECT / "node_modules" / "plotly.js-dist"
    minified = PROJECT / ".dolab" / "cache" / f"plotly-{package_version(package)}.min.js"
    return (minified if minified.exists() else package / "plotly.js").read_text(encoding="utf-8")


def readable(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").strip().capitalize() or "Notebook"


def date(stamp: str) -> str:
    """"2026-11-22T08:05:11Z" as "22 November 2026, 08:05 UTC"."""
    found = re.match(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)", stamp)
    if not found:
        return ""
    months = "January February March April May June July August September October November December".split()
    year, month, day, clock = found.groups()
    return f"{int(day)} {months[int(month) - 1]} {year}, {clock} UTC"


def duration(seconds: float) -> str:
    """As src/notebook/format-duration.ts."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    minutes, hours = whole // 60, whole // 3600
    if whole < 60:
        return f"{whole} s"
    if minutes < 60:
        return f"{minutes} min {whole % 60:02d} s"
    if hours < 24:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{hours // 24} d {hours % 24:02d} h"
