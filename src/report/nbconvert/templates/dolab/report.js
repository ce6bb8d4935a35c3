// @ts-nocheck
// What a report does once it is open: draws its figures in the page's own colours and redraws them when those change
// or when the page is printed, folds the contents on small pages, and shows or hides all code.
(() => {
  const figures = Array.from(document.querySelectorAll(".plotly-figure"), (holder) => ({
    holder,
    plot: holder.querySelector(".plot"),
    spec: JSON.parse(holder.querySelector("script").textContent),
    drawn: false,
  }));

  /** The figure's template with everything that is not data in the colours of the page. */
  const inPageColours = (template = {}) => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const [ink, muted, rule, line] = ["--ink", "--ink-2", "--rule", "--rule-2"].map(colour);
    const layout = template.layout ?? {};
    const axis = (given = {}) => ({
      ...given,
      gridcolor: rule,
      zerolinecolor: line,
      linecolor: line,
      tickcolor: line,
    });
    const text = (given = {}) => ({ ...given, font: { ...given.font, color: ink } });
    const scene = layout.scene ?? {};
    const surface = (given) => ({ ...axis(given), color: ink });
    return {
      ...template,
      layout: {
        ...layout,
        font: { ...layout.font, color: ink },
        title: text(layout.title),
        legend: text(layout.legend),
        xaxis: axis(layout.xaxis),
        yaxis: axis(layout.yaxis),
        scene: {
          ...scene,
          xaxis: surface(scene.xaxis),
          yaxis: surface(scene.yaxis),
          zaxis: surface(scene.zaxis),
        },
        annotationdefaults: { ...text(layout.annotationdefaults), arrowcolor: muted },
        shapedefaults: { ...layout.shapedefaults, line: { ...layout.shapedefaults?.line, color: muted } },
        sliderdefaults: { ...layout.sliderdefaults, bgcolor: line, tickcolor: line },
        updatemenudefaults: { ...layout.updatemenudefaults, bordercolor: line },
        modebar: { ...layout.modebar, color: line, activecolor: muted },
      },
    };
  };

  /** Breaks a title that is wider than the figure into lines, which Plotly does not, and makes room for them. */
  const fitTitle = (layout, width) => {
    const { text, font } = layout.title ?? {};
    if (!text || /<br/i.test(text)) return layout;
    const size = font?.size ?? 16;
    const room = Math.max(16, Math.floor((width - 20) / (size * 0.62)));
    const lines = [""];
    for (const word of text.split(" ")) {
      const last = lines[lines.length - 1];
      if (last && `${last} ${word}`.length > room) lines.push(word);
      else lines[lines.length - 1] = last ? `${last} ${word}` : word;
    }
    const margin = { ...layout.margin, t: (layout.margin?.t ?? 51) + (lines.length - 1) * size * 1.3 };
    return { ...layout, margin, title: { ...layout.title, text: lines.join("<br>") } };
  };

  const svgIcon = {
    width: 24,
    height: 24,
    path: "M12 3v10l4-4 1.4 1.4L12 15.8 6.6 10.4 8 9l3 4V3zM4 19h16v2H4z",
  };
  const saveAs = (format) => (graph) => {
    const { toImageButtonOptions: options } = graph._context;
    Plotly.downloadImage(graph, { ...options, format, scale: format === "png" ? 2 : 1 });
  };

  const draw = (figure, width) => {
    const { plot, spec } = figure;
    const room = width ?? plot.clientWidth;
    const given = { ...spec.layout, template: inPageColours(spec.layout?.template), autosize: true };
    const layout = fitTitle(given, room);
    if (width) layout.width = width;
    const config = {
      displaylogo: false,
      ...spec.config,
      showSendToCloud: false,
      responsive: true,
      modeBarButtonsToRemove: [...(spec.config?.modeBarButtonsToRemove ?? []), "toImage"],
      modeBarButtonsToAdd: [
        { name: "Save as PNG", icon: Plotly.Icons.camera, click: saveAs("png") },
        { name: "Save as SVG", icon: svgIcon, click: saveAs("svg") },
      ],
    };
    try {
      // A copy: Plotly writes into what it is given.
      const { data, frames } = JSON.parse(JSON.stringify(spec));
      Plotly.react(plot, { data, layout, config, frames });
      figure.drawn = true;
      figure.room = room;
    } catch (error) {
      plot.innerHTML = holderText(figure.holder);
      plot.insertAdjacentHTML("beforeend", '<p class="plot-problem">This figure could not be drawn.</p>');
      reportError(error);
    }
  };

  const holderText = (holder) => holder.querySelector("noscript")?.textContent ?? "";
  const drawAll = (width) => {
    for (const figure of figures) draw(figure, width);
  };

  /** In the order of the page, each in its own turn, so that the page answers meanwhile. */
  const drawInTurns = (waiting) => {
    const [figure, ...rest] = waiting;
    if (!figure) return;
    if (!figure.drawn) draw(figure);
    setTimeout(() => drawInTurns(rest), 0);
  };

  if (figures.length > 0 && window.Plotly) {
    drawInTurns(figures);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
    let resizing;
    addEventListener("resize", () => {
      clearTimeout(resizing);
      resizing = setTimeout(() => {
        for (const figure of figures)
          if (figure.drawn && figure.room !== figure.plot.clientWidth) draw(figure);
      }, 150);
    });
  }

  // Paper is white whatever the screen is: figures in its colours and of its width, and the parameters unfolded.
  let opened = [];
  const printWidth = 640;
  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("on-paper");
    opened = Array.from(document.querySelectorAll(".how:not([open])"));
    for (const details of opened) details.open = true;
    if (window.Plotly) drawAll(printWidth);
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("on-paper");
    for (const details of opened) details.open = false;
    if (window.Plotly) drawAll();
  });

  const contents = document.querySelector(".contents details");
  if (contents) {
    const wide = matchMedia("(min-width: 76rem)");
    const fold = () => {
      contents.open = wide.matches;
    };
    wide.addEventListener("change", fold);
    fold();
    const links = new Map(
      Array.from(contents.querySelectorAll("a"), (link) => [decodeURIComponent(link.hash.slice(1)), link]),
    );
    const headings = Array.from(links.keys(), (id) => document.getElementById(id)).filter(Boolean);
    const follow = () => {
      const current = headings
        .filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3)
        .pop();
      for (const [id, link] of links) link.setAttribute("aria-current", String(id === current?.id));
    };
    addEventListener("scroll", follow, { passive: true });
    follow();
  }

  const toggle = document.getElementById("toggle-code");
  const codes = Array.from(document.querySelectorAll("details.code"));
  if (codes.length > 0) {
    toggle.hidden = false;
    toggle.addEventListener("click", () => {
      const show = toggle.getAttribute("aria-pressed") !== "true";
      toggle.setAttribute("aria-pressed", String(show));
      toggle.textContent = show ? "Hide all code" : "Show all code";
      for (const details of codes) details.open = show;
    });
  }
})();
