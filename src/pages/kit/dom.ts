// Elements in one expression, and lists of them that are made anew without losing the keyboard's place.

type Attributes = Readonly<Record<string, string | number | boolean | EventListener | undefined>>;

/**
 * Makes an element: attributes by name ("class", "aria-label"), listeners as "onclick"; false and undefined are left out.
 * Children that are text become text nodes: nothing is ever read as HTML.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** Sets, changes and takes away attributes; listeners are added. */
export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") target.addEventListener(key.slice(2), value);
    else if (value === undefined || value === false) target.removeAttribute(key);
    else target.setAttribute(key, value === true ? "" : String(value));
  }
}

/** Replaces a host's children; the focus stays on the child of the same `data-key`, or else goes to the host's section. */
export function replaceKeepingFocus(host: HTMLElement, ...children: (Node | string)[]): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && host.contains(active) ? active.dataset.key : undefined;
  host.replaceChildren(...children);
  if (key === undefined) return;
  const again = Array.from(host.querySelectorAll<HTMLElement>("[data-key]")).find(
    (candidate) => candidate.dataset.key === key,
  );
  if (again) again.focus();
  else host.closest("section")?.focus({ preventScroll: true }); // not the host, which may be empty and out of sight
}

/** Sets text where it differs, so that a live region speaks once. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Makes a titled part of the page. @param id for links and tests; `note` is a sentence under the title, or "" */
export function section(
  id: string,
  title: string,
  note: string,
  ...children: (Node | string)[]
): HTMLElement {
  const heading = element("h2", { id: `${id}-title` }, title);
  const notes = note ? [element("p", { class: "note" }, note)] : [];
  return element(
    "section",
    { id, tabindex: -1, "aria-labelledby": `${id}-title` },
    heading,
    ...notes,
    ...children,
  );
}

/** Makes an element of a drawing. */
export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}
