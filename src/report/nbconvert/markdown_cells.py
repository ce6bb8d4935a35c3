"""The markdown cells of a notebook as HTML: formulas set, headings with addresses, the table of contents."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

FORMULAS = Path(__file__).resolve().parent / "formulas.mjs"
MARK = "\ue000formula{}\ue001"  # private characters, which no text uses
MARKS = re.compile("\ue000formula(\\d+)\ue001")


@dataclass
class RenderedMarkdown:
    title: str = ""
    """The first level-1 heading, as text; it is taken out of its cell."""
    html: dict[int, str] = field(default_factory=dict)
    """By the cell's index."""
    contents: list[dict] = field(default_factory=list)
    """Headings: level, id, html."""
    formula_style: str = ""
    """What the formulas need; empty without any."""


def render_markdown_cells(cells, folder: str) -> RenderedMarkdown:
    """@param folder where relative pictures lie; they are embedded"""
    result = RenderedMarkdown()
    formulas: list[dict] = []
    names: dict[str, int] = {}
    for index, cell in enumerate(cells):
        if cell.cell_type != "markdown":
            continue
        renderer = CellRenderer(
            result, formulas, names, attachments=cell.get("attachments", {}), path=folder, embed_images=True, escape=False
        )
        result.html[index] = MarkdownWithMath(renderer=renderer).render(cell.source)
    rendered, result.formula_style = set_formulas(formulas)

    def fill(html: str) -> str:
        return MARKS.sub(lambda mark: rendered[int(mark[1])], html)

    result.html = {index: fill(html) for index, html in result.html.items()}
    result.title = unescape(MARKS.sub(lambda mark: formulas[int(mark[1])]["tex"], result.title))
    for heading in result.contents:
        heading["html"] = fill(heading["html"])
    return result


class CellRenderer(IPythonRenderer):
    """nbconvert's renderer, with formulas and headings collected over all cells."""

    def __init__(self, result: RenderedMarkdown, formulas: list, names: dict, **options) -> None:
        super().__init__(**options)
        self.result = result
        self.formulas = formulas
        self.names = names

    def heading(self, text: str, level: int, **_) -> str:
        if level == 1 and not self.result.title:
            self.result.title = without_tags(text)
            return ""
        name = re.sub(r"[^\w]+", "-", MARKS.sub("", unescape(without_tags(text))).lower()).strip("-") or "section"
        self.names[name] = self.names.get(name, 0) + 1
        if self.names[name] > 1:
            name = f"{name}-{self.names[name]}"
        if level <= 3:
            self.result.contents.append({"level": level, "id": name, "html": without_links(text)})
        return f'<h{level} id="{escape(name)}"><a class="heading" href="#{escape(name)}">{without_links(text)}</a></h{level}>\n'

    def formula(self, tex: str, display: bool) -> str:
        self.formulas.append({"tex": tex.strip(), "display": display})
        return MARK.format(len(self.formulas) - 1)

    def block_math(self, body: str) -> str:
        return self.formula(body, display=True)

    def inline_math(self, body: str) -> str:
        return self.formula(body, display=False)

    def latex_environment(self, name: str, body: str) -> str:
        return self.formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)


def set_formulas(formulas: list[dict]) -> tuple[list[str], str]:
    """One HTML text a formula, and their style; what cannot be set is shown as TeX."""
    found = {"html": [None] * len(formulas), "css": ""}
    node = shutil.which("node")
    if formulas and node:
        done = subprocess.run([node, str(FORMULAS)], input=json.dumps(formulas), capture_output=True, encoding="utf-8")
        found = json.loads(done.stdout) if done.returncode == 0 else found
    return [html or as_tex(formula["tex"]) for formula, html in zip(formulas, found["html"])], found["css"]


def as_tex(tex: str) -> str:
    return f'<code class="tex" title="This formula could not be set">{escape(tex)}</code>'


def without_tags(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def without_links(html: str) -> str:
    return re.sub(r"</?a\b[^>]*>", "", html)
