"""Runs a notebook headless with nbclient and tells how far it is, one JSON object a line on standard output:

    {"event": "start", "cells": 12}
    {"event": "cell-start", "cell": 1, "cells": 12, "heading": "Train"}
    {"event": "cell-end", "cell": 1, "cells": 12, "passed": true, "seconds": 0.8}
    {"event": "saved", "path": "executed.running.ipynb"}
    {"event": "end", "passed": false, "seconds": 31.5, "error": {"cell": 3, "name": "RangeError", "message": "..."}}

Cells are code cells with a source, counted from 1. The first failing cell stops the run. The source notebook is only
read; the executed one is written whole (temporary name, then renamed) whatever happened, with the outcome in its
metadata under "dolab". With --looks, what is there on the way is written beside it as NAME.running.ipynb. Exit code 0: passed, 1: a cell failed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

sys.modules["rfc3987_syntax"] = None  # jsonschema does without it; its grammar takes a second to build

import nbformat  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError  # noqa: E402

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def report(**event: object) -> None:
    print(json.dumps(event), flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("executed", type=Path, help="where the executed notebook goes")
    parser.add_argument("--kernel", default="tslab")
    parser.add_argument("--cell-timeout", type=float, default=None, help="seconds a cell may take")
    parser.add_argument("--folder", default=".", help="the kernel's working folder")
    parser.add_argument("--cores", default=None, help="the part of the cores to use, such as 0/2: the first half")
    parser.add_argument(
        "--looks", default=None, help="save what is there between cells: 15/60 is first after 15 s, then every 60 s"
    )
    arguments = parser.parse_args()
    if arguments.cores:
        take_share_of_cores(*(int(number) for number in arguments.cores.split("/")))

    notebook = nbformat.read(arguments.notebook, as_version=4)
    forget_outputs(notebook)
    started = datetime.now(timezone.utc)

    def save_with(path: Path, **outcome: object) -> None:
        notebook.metadata["dolab"] = {
            **kept,
            "notebook": arguments.notebook.name,
            "startedAt": started.isoformat(timespec="seconds").replace("+00:00", "Z"),
            **outcome,
        }
        save(notebook, path)

    running = arguments.executed.with_suffix(".running.ipynb")
    kept = notebook.metadata.get("dolab", {})
    run = Run(notebook, Looks(running, save_with, *(float(number) for number in arguments.looks.split("/"))) if arguments.looks else None)
    client = NotebookClient(
        notebook,
        kernel_name=arguments.kernel,
        timeout=arguments.cell_timeout,
        startup_timeout=120,
        allow_errors=False,
        resources={"metadata": {"path": arguments.folder}},
        on_notebook_start=lambda **_: stop_on_signal(client, run),
        on_cell_execute=run.cell_starts,
        on_cell_executed=run.cell_ends,
    )
    report(event="start", cells=len(run.numbers))
    clock = time.monotonic()
    error = {"cell": 0, "name": "Interrupted", "message": "The run was interrupted"}
    try:
        client.execute()
        error = None
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as failure:
        error = run.describe(failure)
    finally:
        seconds = round(time.monotonic() - clock, 3)
        reason = {"error": error} if error else {}
        save_with(arguments.executed, passed=error is None, wallTimeSeconds=seconds, **reason)
        report(event="end", passed=error is None, seconds=seconds, **reason)
    return 0 if error is None else 1


def take_share_of_cores(part: int, of: int) -> None:
    """Keeps this process, its kernel and what that starts to some of the cores; they count no more than these."""
    if not hasattr(os, "sched_setaffinity"):  # macOS, Windows
        return
    cores = sorted(os.sched_getaffinity(0))
    size = max(1, len(cores) // of)
    first = part * size % len(cores)
    os.sched_setaffinity(0, cores[first:] if part == of - 1 else cores[first : first + size])


def stop_on_signal(client: NotebookClient, run: Run) -> None:
    """Lets SIGTERM and SIGINT end the kernel, and through its death the run, so that what is done gets saved."""

    def stop() -> None:
        run.interrupted = True
        asyncio.ensure_future(client.km.shutdown_kernel(now=True))

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, stop)


class Looks:
    """Saves the notebook between cells, so that a report of what is there can be read while the rest still runs."""

    def __init__(self, path: Path, save_with: Callable[..., None], first: float, every: float) -> None:
        self.path = path
        self.save_with = save_with
        self.every = every
        self.due = time.monotonic() + first

    def take(self, cell: int, cells: int) -> None:
        if time.monotonic() < self.due:
            return
        self.save_with(self.path, running={"cell": cell, "cells": cells})
        report(event="saved", path=str(self.path))
        self.due = time.monotonic() + self.every


class Run:
    """Follows the cells: their numbers, the heading they stand under, how long each took."""

    def __init__(self, notebook: nbformat.NotebookNode, looks: Looks | None = None) -> None:
        self.cells = notebook.cells
        self.looks = looks
        self.numbers: dict[int, int] = {}
        self.headings: dict[int, str] = {}
        self.current: int | None = None
        self.interrupted = False
        self.clock = 0.0
        heading = ""
        for index, cell in enumerate(self.cells):
            if cell.cell_type == "markdown":
                found = re.findall(r"^#{1,6}\s+(.+?)\s*#*\s*$", cell.source, re.MULTILINE)
                heading = found[-1] if found else heading
            elif cell.cell_type == "code" and cell.source.strip():
                self.numbers[index] = len(self.numbers) + 1
                self.headings[index] = heading

    def cell_starts(self, cell_index: int, **_: object) -> None:
        if cell_index not in self.numbers:
            return
        self.current = cell_index
        self.clock = time.monotonic()
        report(event="cell-start", **self.place(cell_index), heading=self.headings[cell_index])

    def cell_ends(self, cell_index: int, execute_reply: dict, **_: object) -> None:
        if cell_index not in self.numbers:
            return
        content = execute_reply["content"]
        self.cells[cell_index]["execution_count"] = content.get("execution_count")
        seconds = round(time.monotonic() - self.clock, 3)
        self.cells[cell_index].metadata["dolab"] = {"seconds": seconds}
        report(event="cell-end", **self.place(cell_index), passed=content["status"] == "ok", seconds=seconds)
        if self.looks and content["status"] == "ok":
            self.looks.take(**self.place(cell_index))

    def place(self, index: int) -> dict[str, int]:
        return {"cell": self.numbers[index], "cells": len(self.numbers)}

    def describe(self, failure: Exception) -> dict[str, object]:
        """The failed cell's own error output; where a kernel sends none, what it wrote to standard error."""
        error: dict[str, object] = {"cell": self.numbers.get(self.current, 0)}
        if self.interrupted:
            return {**error, "name": "Interrupted", "message": "The run was interrupted"}
        if isinstance(failure, CellTimeoutError):
            return {**error, "name": "Timeout", "message": "The cell took longer than the time limit of the run"}
        if isinstance(failure, DeadKernelError) or self.current is None:
            return {**error, "name": "Kernel", "message": "The kernel died"}
        outputs = self.cells[self.current].outputs
        for output in reversed(outputs):
            if output.output_type == "error":
                return {**error, "name": output.ename, "message": ANSI.sub("", output.evalue)}
        written = "".join(output.text for output in outputs if output.get("name") == "stderr")
        return {**error, "name": "Error", "message": ANSI.sub("", written).strip()[-2000:] or "The cell failed"}


def forget_outputs(notebook: nbformat.NotebookNode) -> None:
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
            cell.execution_count = None


def save(notebook: nbformat.NotebookNode, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(nbformat.writes(notebook), encoding="utf-8")
    os.replace(partial, path)


if __name__ == "__main__":
    sys.exit(main())
