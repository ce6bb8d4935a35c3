// @ts-nocheck
// Runs in the page, once an output: wires every table that is not yet wired. Headers sort (rising, falling, as given);
// below a table of more than one page, buttons turn pages. Missing values stay last in either order.
(() => {
  const wire = (root) => {
    root.dataset.wired = "true";
    const body = root.querySelector("tbody");
    const given = Array.from(body.rows);
    const headers = Array.from(root.querySelectorAll("thead th"));
    const status = root.querySelector("[role=status]");
    const pageSize = Number(root.dataset.pageSize);
    let order = given;
    let first = 0;
    let all = false;
    let previous, next, whole;

    const draw = () => {
      const end = all ? order.length : Math.min(first + pageSize, order.length);
      order.forEach((row, place) => {
        row.hidden = place < first || place >= end;
      });
      body.append(...order);
      if (!status) return;
      status.textContent = `rows ${first + 1}–${end} of ${order.length}`;
      if (!whole) return;
      previous.disabled = all || first === 0;
      next.disabled = all || end === order.length;
      whole.textContent = all ? `${pageSize} rows a page` : "All rows";
    };

    const keyOf = (row, column) => {
      const cell = row.cells[column];
      if (cell.classList.contains("missing")) return null;
      const text = cell.title || cell.textContent;
      if (!headers[column].classList.contains("number")) return text;
      return text === "∞" ? Infinity : text === "-∞" ? -Infinity : Number(text);
    };

    const compare = (a, b) =>
      typeof a === "number" ? (a < b ? -1 : a > b ? 1 : 0) : a.localeCompare(b, undefined, { numeric: true });

    const sort = (column) => {
      const was = headers[column].getAttribute("aria-sort");
      const direction = was === "ascending" ? "descending" : was === "descending" ? null : "ascending";
      for (const header of headers) header.removeAttribute("aria-sort");
      order = given;
      if (direction) {
        headers[column].setAttribute("aria-sort", direction);
        const sign = direction === "ascending" ? 1 : -1;
        const keyed = given.map((row) => [keyOf(row, column), row]);
        const present = keyed.filter(([key]) => key !== null);
        const missing = keyed.filter(([key]) => key === null);
        order = [...present.sort(([a], [b]) => sign * compare(a, b)), ...missing].map(([, row]) => row);
      }
      first = 0;
      draw();
    };

    const button = (content, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.append(...content);
      made.addEventListener("click", act);
      return made;
    };

    headers.forEach((header, column) => {
      const made = button(header.childNodes, () => sort(column));
      made.title = "Sort";
      header.replaceChildren(made);
    });
    if (status && order.length > pageSize) {
      const turn = (rows) => () => {
        first = Math.max(0, first + rows);
        draw();
      };
      previous = button(["‹ Previous"], turn(-pageSize));
      next = button(["Next ›"], turn(pageSize));
      whole = button(["All rows"], () => {
        all = !all;
        first = 0;
        draw();
      });
      status.before(previous);
      status.after(next, whole);
      draw();
    }
  };
  document.querySelectorAll(".dolab-table:not([data-wired])").forEach(wire);
})();
