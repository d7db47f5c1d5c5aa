"use strict";
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const byId = (id) => document.getElementById(id);

  // what is shown
  const form = byId("filter");
  const entries = all(".claim, tr.entry");
  const words = new Map(entries.map((e) => [e, e.textContent.slice(0, 3000).toLowerCase()]));
  const filter = () => {
    const kinds = new Set(all("input[name=verdict]:checked", form).map((box) => box.value));
    const step = form.elements.step.value;
    const wanted = form.elements.words.value.trim().toLowerCase();
    let shown = 0;
    for (const e of entries) {
      const fits = kinds.has(e.dataset.verdict) && (!step || e.dataset.step === step) && (!wanted || words.get(e).includes(wanted));
      e.hidden = !fits;
      shown += fits && e.matches("article");
    }
    byId("none").hidden = shown > 0;
    form.elements.count.value = `${shown} of ${all("article.claim").length} shown`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  for (const link of all("[data-only]")) {
    link.addEventListener("click", () => {
      form.reset();
      for (const box of all("input[name=verdict]", form)) box.checked = box.value === link.dataset.only;
      filter();
    });
  }
  filter();

  // the graph: what is around a node
  const nodes = new Map(all("#graph-svg .node").map((n) => [n.dataset.id, n]));
  const edges = all("#graph-svg .edge").map((e) => ({ element: e, from: e.dataset.from, to: e.dataset.to }));
  const panel = byId("focus");
  let chosen = "";
  const reached = (start, way) => {
    const found = new Set([start]);
    for (const here of found) {
      for (const e of edges) {
        if (way === "down" && e.from === here) found.add(e.to);
        if (way === "up" && e.to === here) found.add(e.from);
      }
    }
    return found;
  };
  const show = (ways) => {
    const near = new Set(ways.flatMap((way) => [...reached(chosen, way)]));
    for (const [id, node] of nodes) {
      node.classList.toggle("away", ways.length > 0 && !near.has(id));
      node.classList.toggle("chosen", id === chosen);
    }
    for (const e of edges) e.element.classList.toggle("away", ways.length > 0 && !(near.has(e.from) && near.has(e.to)));
    for (const button of all("button", panel)) button.setAttribute("aria-pressed", String(button.dataset.ways === ways.join(" ")));
    const others = [...near].filter((id) => id !== chosen);
    byId("focus-words").textContent = ways.length ? (others.length ? `Around it: ${others.join(", ")}.` : "Nothing is around it.") : "";
  };
  const release = () => {
    chosen = "";
    panel.hidden = true;
    show([]);
  };
  const choose = (id) => {
    if (!nodes.has(id)) return;
    chosen = id;
    panel.hidden = false;
    byId("focus-name").textContent = nodes.get(id).getAttribute("aria-label");
    byId("focus-link").setAttribute("href", nodes.get(id).getAttribute("href"));
    show(["down", "up"]);
  };
  for (const [id, node] of nodes) {
    node.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      choose(id);
    });
  }
  panel.addEventListener("click", (event) => {
    const ways = event.target.dataset.ways;
    if (ways === "") release();
    else if (ways) show(ways.split(" "));
  });
  for (const link of all("[data-focus]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(link.dataset.focus);
      byId("graph").scrollIntoView();
      const node = nodes.get(link.dataset.focus);
      node?.scrollIntoView({ block: "nearest", inline: "center" });
      node?.focus({ preventScroll: true });
    });
  }

  // an entry that is linked to is shown, whatever the filter says
  const reveal = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (target?.matches(".claim") && target.hidden) {
      form.reset();
      filter();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // keyboard: / finds, j and k go to the next and the previous entry, Esc shows the whole graph
  addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input, select, textarea");
    if (event.key === "Escape") release();
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      form.elements.words.focus();
    } else if (event.key === "j" || event.key === "k") {
      const listed = all("article.claim:not([hidden])");
      const here = listed.indexOf(document.activeElement.closest?.("article.claim"));
      const next = listed[event.key === "j" ? here + 1 : Math.max(here - 1, 0)];
      next?.focus();
      next?.scrollIntoView({ block: "start" });
    }
  });

  // certificates are saved unpacked; without this script they are saved as .json.gz
  const save = async (link) => {
    const bytes = Uint8Array.from(atob(link.href.split(",")[1]), (c) => c.charCodeAt(0));
    const unpacked = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob([await unpacked.arrayBuffer()], { type: "application/json" }));
    file.download = link.download.replace(/\.gz$/, "");
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10000);
    return file.download;
  };
  if ("DecompressionStream" in window) {
    for (const link of all("a[download$='.gz']")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        save(link);
      });
    }
  }

  // on paper the counterexamples are open
  addEventListener("beforeprint", () => all("details.witness").forEach((d) => { d.open = true; }));
})();
