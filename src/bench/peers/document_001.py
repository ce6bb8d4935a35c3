"""Source document 001's own script, run on .npz files.

{"script": path, "folder": path, "files": [[tag, path]], "series": [[step, path]]} -> {"results": {tag: text}, "cells": ..., "sweep": ..., "evolution": text}

The document is stored as text of a web page that shows a patch: its lines begin with "+", and of their indentation one blank is left.
It is restored here: a line that follows a colon stands one level deeper, and `DEDENTS` says which lines go back.
matplotlib is not needed: the figures are left out, and those of the evolution are drawn on nothing.
"""

import json
import sys
import types
from pathlib import Path

from serve import serve

# The beginnings of lines that go back to a level, in their order within each function; "$" stands for a line's end.
DEDENTS = {
    "otsu_threshold": [("p = h / w", 1)],
    "auc_rank": [
        ("allv = ", 1),
        ("if j > i:", 2),
        ("i = j + 1", 2),
        ("r_pos = ", 1),
    ],
    "cell_stats": [("l1 = lyap[mask, 0]", 1)],
    "analyze": [
        ("for nm, m in [", 2),
        ("sweep_rows.append(row)", 2),
        ("sweep_csv = HERE", 1),
        ("for r in sweep_rows:", 2),
        ("# per-cell csv", 1),
        ("f.write($", 3),
        ("if make_figs:", 1),
        ("y = lyap[m, 0]", 3),
        ("ax.set_xticks(range(4))", 2),
        ("fig, ax = plt.subplots(figsize=(6, 4.5))", 2),
        ("ax.plot(range(1", 3),
        ("ax.axhline(0, color=\"gray\", lw=0.6)", 2),
        ("# secondary observables", 1),
    ],
    "evolution": [
        ("d = np.load(p)", 2),
        ("for nm, m in [", 2),
        ("rows.append(row)", 2),
        ("if not rows:", 1),
        ("keys = list(", 1),
        ("for r in rows:", 2),
        ("fig, axes = plt.subplots(1, 2", 1),
        ("axes[0].set_xticks", 1),
        ("axes[1].axhline", 1),
    ],
}


def restored(text):
    """The script with its indentation; what follows `main` is left out, as it names the authors' own files."""
    lines = [line[1:] for line in text.splitlines() if line.startswith("+") and not line.startswith("+++")]
    source, level, deeper, open_brackets, dedents = [], 0, False, 0, []
    in_docstring = False
    for line in lines:
        bare = line.strip()
        if line.startswith("def main("):
            break
        if in_docstring or not bare:
            source.append(bare)
            in_docstring = in_docstring and '"""' not in bare
            continue
        if not line.startswith(" ") and open_brackets == 0:
            level, deeper = 0, False
            if bare.startswith("def "):
                dedents = list(DEDENTS.get(bare[4 : bare.index("(")], []))
        elif open_brackets == 0:
            level += deeper
            if dedents and (bare + "$").startswith(dedents[0][0]):
                level = dedents.pop(0)[1]
        source.append("    " * level + bare)
        if bare.startswith('"""') and bare.count('"""') == 1:
            in_docstring = True
            continue
        code = without_strings(bare)
        open_brackets += sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
        deeper = open_brackets == 0 and code.endswith(":")
    return "\n".join(source) + "\n"


def without_strings(line):
    """The code of a line: without what stands in quotes, and without a comment."""
    code, quote = "", None
    for character in line:
        if quote:
            quote = None if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == "#":
            break
        else:
            code += character
    return code.strip()


class Nothing:
    """Takes every call and attribute of a figure."""

    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **named):
        return self

    def __getitem__(self, place):
        return self


def without_figures():
    matplotlib, pyplot = types.ModuleType("matplotlib"), types.ModuleType("matplotlib.pyplot")
    matplotlib.use = lambda name: None
    matplotlib.pyplot = pyplot
    pyplot.subplots = lambda *arguments, **named: (Nothing(), Nothing())
    pyplot.close = lambda figure: None
    sys.modules["matplotlib"], sys.modules["matplotlib.pyplot"] = matplotlib, pyplot


def answer(request):
    without_figures()
    source = restored(Path(request["script"]).read_text())
    folder = Path(request["folder"])
    script = {"__name__": "document", "__file__": str(folder / "analyze_2x2.py")}
    exec(compile(source, "analyze_2x2.py", "exec"), script)
    found = {"results": {}, "cells": {}, "sweep": {}}
    for tag, path in request["files"]:
        script["analyze"](Path(path), tag, make_figs=False)
        results = json.loads((folder / f"results_{tag}.json").read_text(), parse_constant=lambda word: None)
        found["results"][tag] = json.dumps(results)
        for kind in ("cells", "sweep"):
            found[kind][tag] = (folder / f"{kind}_{tag}.csv").read_text()
    if request["series"]:
        script["evolution"]([(step, Path(path)) for step, path in request["series"]], "series")
        found["evolution"] = (folder / "evolution_series.csv").read_text()
    return found


if __name__ == "__main__":
    serve(answer)
