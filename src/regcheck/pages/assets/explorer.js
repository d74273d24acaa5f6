/* The explorer: one view of the fleet, kept in the address, as a drawing and in words. */

"use strict";

(() => {
  const root = document.getElementById("rc-explorer");
  if (!root || !window.regcheckFleet || !window.cytoscape) return;
  const fleet = window.regcheckModel(window.regcheckFleet);
  const { nodes, edges, data } = fleet;
  const MOST_FOUND = 12;
  const MOST_LISTED = 200;
  const LINE = 16; // letters
  const [WIDTH, HEIGHT, LETTERS] = [112, 36, 11];
  const FEW = 80; // entries that may be drawn larger
  const LARGEST = 2.6;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const field = (name) => document.getElementById(`rc-${name}`);
  root.hidden = false;

  /* --- the view: what is shown, and in the address -------------------------- */

  const START = { time: 0, focus: null, depth: 1, way: "both", from: null, to: null, off: null };
  const view = { ...START, kinds: new Set(), relations: new Set() };

  const numberOf = (id) => (fleet.byId.has(id) ? fleet.byId.get(id).number : null);
  const idOf = (number) => (number === null ? "" : nodes[number].id);
  const hidden = (names, all) => new Set((names || "").split(",").map((name) => all.indexOf(name)).filter((at) => at >= 0));

  const read = () => {
    const said = new URLSearchParams(window.location.hash.slice(1));
    view.time = Math.max(0, data.states.indexOf(said.get("state")));
    view.focus = numberOf(said.get("focus"));
    view.depth = Math.max(1, parseInt(said.get("depth"), 10) || 1);
    view.way = ["needs", "needed"].includes(said.get("way")) ? said.get("way") : "both";
    view.from = numberOf(said.get("from"));
    view.to = numberOf(said.get("to"));
    const machine = numberOf(said.get("off"));
    view.off = machine !== null && machine in data.outages ? machine : null;
    view.kinds = hidden(said.get("without-kinds"), data.kinds.map(([kind]) => kind));
    view.relations = hidden(said.get("without-relations"), data.relations);
  };

  /* The address of a view, without its `#`. */
  const address = (one) => {
    const said = new URLSearchParams();
    if (one.time) said.set("state", data.states[one.time]);
    ["focus", "from", "to", "off"].forEach((name) => { if (one[name] !== null) said.set(name, idOf(one[name])); });
    if (one.depth !== START.depth) said.set("depth", one.depth);
    if (one.way !== START.way) said.set("way", one.way);
    if (one.kinds.size) said.set("without-kinds", [...one.kinds].map((at) => data.kinds[at][0]).join());
    if (one.relations.size) said.set("without-relations", [...one.relations].map((at) => data.relations[at]).join());
    return said.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
  };

  const change = (changes) => {
    Object.assign(view, changes);
    const hash = address(view);
    window.history.replaceState(null, "", hash ? `#${hash}` : window.location.pathname + window.location.search);
    show();
  };

  /* An entry, a path and an outage are looked at one at a time. */
  const NOTHING = { focus: null, from: null, to: null, off: null };
  const lookAt = (number) => change({ ...NOTHING, focus: number });
  const switchOff = (number) => change({ ...NOTHING, off: number });

  /* --- the drawing ------------------------------------------------------------ */

  const colour = (name) => window.getComputedStyle(document.body).getPropertyValue(`--map-${name}`).trim();
  const kindColour = (kind) => colour(data.kinds[kind][0]) || colour("other");

  const looks = () => [
    { selector: "node", style: {
      shape: "round-rectangle", width: WIDTH, height: HEIGHT, "background-color": colour("box"),
      "border-width": 1.5, "border-color": (node) => kindColour(node.data("kind")), label: "data(label)",
      color: colour("text"), "font-size": LETTERS, "font-family": "system-ui, sans-serif", "text-valign": "center",
      "text-halign": "center", "text-wrap": "wrap", "text-max-width": 140, "min-zoomed-font-size": 5,
    } },
    { selector: "node.production", style: { "border-width": 3, "font-weight": "bold" } },
    { selector: "node.machine", style: { "background-color": colour("column"), "border-width": 3, shape: "rectangle" } },
    { selector: "edge", style: {
      width: 1.2, "line-color": colour("line"), "target-arrow-color": colour("line"), "target-arrow-shape": "triangle",
      "arrow-scale": 0.9, "curve-style": edges.length > 4000 ? "haystack" : "straight",
    } },
    { selector: "edge.bow", style: { "curve-style": "unbundled-bezier", "control-point-distances": 70, "control-point-weights": 0.5 } },
    { selector: ".absent", style: { display: "none" } },
    { selector: "node.faint", style: { opacity: 0.25 } },
    { selector: "edge.faint", style: { opacity: 0.12 } },
    { selector: "edge.way", style: { width: 3, opacity: 1, "line-color": colour("critical"), "target-arrow-color": colour("critical") } },
    { selector: "node.focus", style: { "background-color": colour("focus"), "border-width": 5, "border-color": colour("text") } },
    { selector: "node.down", style: { "background-color": colour("down"), "border-color": colour("critical"), "border-width": 4 } },
    { selector: "node.degraded", style: {
      "background-color": colour("degraded"), "border-color": colour("doing"), "border-width": 4, "border-style": "dashed",
    } },
    { selector: "node.spared", style: { "border-color": colour("done"), "border-width": 4, "border-style": "double" } },
    { selector: "node.off", style: { "background-color": colour("text"), color: colour("paper"), "border-color": colour("critical"), "border-width": 5 } },
  ];

  /* Two lines that fit into a box, broken where a name has a joint. */
  const short = (label) => {
    if (label.length <= LINE) return label;
    const joints = [...label.matchAll(/[-/_. ]/g)].map((found) => found.index + 1).filter((at) => at <= LINE + 1);
    const first = joints.length ? joints[joints.length - 1] : LINE;
    const rest = label.slice(first);
    return `${label.slice(0, first).trimEnd()}\n${rest.length > LINE ? `${rest.slice(0, LINE - 1).trimEnd()}…` : rest}`;
  };
  const bow = (edge) => (nodes[edge.source].x === nodes[edge.target].x ? "bow" : "");

  const cy = window.cytoscape({
    container: field("canvas"),
    elements: [
      ...nodes.map((node) => ({
        group: "nodes", position: { x: node.x, y: node.y }, classes: data.kinds[node.kind][0] === "machine" ? "machine" : "",
        data: { id: `n${node.number}`, label: short(node.label), kind: node.kind },
      })),
      ...edges.map((edge) => ({
        group: "edges", classes: bow(edge), data: { id: `e${edge.number}`, source: `n${edge.source}`, target: `n${edge.target}` },
      })),
    ],
    style: looks(), layout: { name: "preset" }, autoungrabify: true, boxSelectionEnabled: false,
    minZoom: 0.02, maxZoom: 3, textureOnViewport: nodes.length > 1500, hideEdgesOnViewport: edges.length > 5000,
  });
  cy.on("tap", "node", (event) => lookAt(Number(event.target.id().slice(1))));
  const restyle = () => cy.style(looks());
  new MutationObserver(restyle).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);

  /* How much larger entries that stand far apart may be drawn without one covering another. */
  const room = (shown) => {
    const at = shown.map((node) => node.position());
    let most = LARGEST;
    at.forEach((one, number) => at.slice(number + 1).forEach((other) => {
      most = Math.min(most, Math.max(Math.abs(one.x - other.x) / (WIDTH + 6), Math.abs(one.y - other.y) / (HEIGHT + 6)));
    }));
    return Math.max(1, most);
  };

  const fit = () => {
    const shown = cy.nodes().not(".absent").not(".faint");
    if (shown.empty()) return;
    const size = shown.length > FEW ? 1 : room(shown);
    cy.nodes().removeStyle();
    if (size > 1) shown.style({ width: WIDTH * size, height: HEIGHT * size, "font-size": LETTERS * size, "text-max-width": 140 * size });
    const box = shown.boundingBox({ includeOverlays: false });
    const level = Math.min(1.3 / Math.max(1, size * 0.8), (cy.width() - 60) / box.w, (cy.height() - 60) / box.h);
    const pan = { x: cy.width() / 2 - (level * (box.x1 + box.x2)) / 2, y: cy.height() / 2 - (level * (box.y1 + box.y2)) / 2 };
    if (still.matches) cy.viewport({ zoom: level, pan }); else cy.stop().animate({ zoom: level, pan, duration: 250 });
  };
  const zoom = (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });

  /* Draw what is there and `kept`; of the rest nothing, or with `faint` a shadow. */
  const draw = ({ kept = null, ways = new Set(), looksOf = new Map(), faint = false }) => {
    cy.batch(() => {
      nodes.forEach(({ number, kind }) => {
        const there = fleet.isThere(number, view.time) || looksOf.has(number);
        const wanted = kept === null ? !view.kinds.has(kind) : kept.has(number);
        const classes = [data.kinds[kind][0] === "machine" ? "machine" : "", looksOf.get(number) || ""];
        if (fleet.isProduction(number, view.time)) classes.push("production");
        if (!there || (!wanted && !faint)) classes.push("absent");
        else if (!wanted) classes.push("faint");
        cy.getElementById(`n${number}`).classes(classes.filter(Boolean));
      });
      edges.forEach((edge) => {
        const way = ways.has(`${edge.source}-${edge.target}`);
        const there = isShown(edge) && (fleet.isThere(edge.source, view.time) || way);
        const wanted = kept === null || (kept.has(edge.source) && kept.has(edge.target));
        const look = way && fleet.holds(edge.times, view.time) ? "way" : there && wanted ? "" : there && faint ? "faint" : "absent";
        cy.getElementById(`e${edge.number}`).classes([bow(edge), look].filter(Boolean));
      });
    });
    fit();
  };

  const isShown = (edge) => fleet.holds(edge.times, view.time) && !view.relations.has(edge.relation)
    && !view.kinds.has(nodes[edge.source].kind) && !view.kinds.has(nodes[edge.target].kind);

  /* --- in words --------------------------------------------------------------- */

  const element = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...inside); // text stays text
    return made;
  };
  const link = (text, changes) => element("a", { href: `#${address({ ...view, ...NOTHING, ...changes })}` }, text);
  const entry = (number) => link(nodes[number].label, { focus: number });
  const kindOf = (number) => element("span", { class: "rc-kind" }, `${data.kinds[nodes[number].kind][0]} `);
  const list = (lines, tag = "ul") => {
    const made = element(tag, {}, ...lines.slice(0, MOST_LISTED).map((line) => element("li", {}, ...line)));
    if (lines.length > MOST_LISTED) made.append(element("li", {}, `and ${lines.length - MOST_LISTED} more`));
    return made;
  };
  const part = (title, lines, tag) => (lines.length ? [element("h2", {}, `${title} (${lines.length})`), list(lines, tag)] : []);
  const say = (said, ...parts) => {
    field("said").textContent = said;
    field("list").replaceChildren(...parts.flat());
  };
  const many = (count, one, more) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
  const when = () => (view.time === 0 || view.time === data.states.length - 1 ? data.names[view.time] : data.names[view.time].split(":")[0]);
  const chain = (way) => way.flatMap((number, at) => (at ? [" → ", entry(number)] : [entry(number)]));

  const showAll = () => {
    draw({});
    const there = nodes.filter((node) => fleet.isThere(node.number, view.time) && !view.kinds.has(node.kind));
    const lines = data.kinds.map(([, plural], kind) => [plural, there.filter((node) => node.kind === kind).length]);
    const machines = there.filter((node) => data.kinds[node.kind][0] === "machine");
    say(
      `${when()}: ${many(there.length, "entry", "entries")}, ${many(edges.filter(isShown).length, "relation", "relations")}.`,
      list(lines.filter(([, count]) => count).map(([plural, count]) => [`${count} ${plural}`])),
      part("Machines", machines.map((node) => [entry(node.number), node.note ? ` ${node.note}` : ""])),
    );
  };

  const times = (node) => {
    const [first, last] = [node.there[0], node.there[node.there.length - 1]];
    return node.there.length ? `It is there from ${data.names[first]} to ${data.names[last]}.` : "It is there in no state.";
  };

  const showFocus = () => {
    const node = nodes[view.focus];
    const steps = fleet.around(view.focus, view.time, view.depth, view.way, isShown);
    draw({ kept: new Set(steps.keys()), looksOf: new Map([[view.focus, "focus"]]) });
    const there = fleet.isThere(view.focus, view.time);
    const near = [...steps].filter(([, step]) => step > 0);
    const to = fleet.needs(view.focus, view.time).filter(isShown);
    const from = fleet.neededBy(view.focus, view.time).filter(isShown);
    const far = near.filter(([, step]) => step > 1).map(([number, step]) => [entry(number), ` ${step} steps away`]);
    const links = [element("a", { href: node.href || "#" }, "Its page")];
    if (view.focus in data.outages) links.push(" · ", link("Switch it off", { off: view.focus }));
    say(
      `${node.label}, ${when()}: ${there ? `${many(near.length, "entry", "entries")} within ${many(view.depth, "step", "steps")}.` : `not there. ${times(node)}`}`,
      [element("p", {}, kindOf(view.focus), node.note ? `${node.note} · ` : "", ...links)],
      view.way === "needed" ? [] : part("Needs", to.map((edge) => [`${data.verbs[edge.verb]} `, entry(edge.target)])),
      view.way === "needs" ? [] : part("Needed by", from.map((edge) => [entry(edge.source), ` ${data.verbs[edge.verb]} it`])),
      part("Further away", far),
    );
  };

  const showPath = () => {
    const [from, to] = [view.from, view.to];
    const label = `${nodes[from].label} → ${nodes[to].label}`;
    const paths = fleet.why(from, to, view.time);
    const back = paths.length ? [] : fleet.why(to, from, view.time);
    const kept = new Set([from, to]);
    const ways = new Set();
    paths.flat().forEach((edge) => { kept.add(edge.source).add(edge.target); ways.add(`${edge.source}-${edge.target}`); });
    draw({ kept, ways, looksOf: new Map([[from, "focus"], [to, "focus"]]), faint: true });
    const lines = (path) => path.map((edge, at) => {
      const hop = at && path[at - 1].target !== edge.source && path[at - 1].source === edge.source;
      return [entry(edge.source), hop ? ` then ${data.verbs[edge.verb]} ` : ` ${data.verbs[edge.verb]} `, entry(edge.target)];
    });
    const turned = link(`${nodes[to].label} → ${nodes[from].label}`, { from: to, to: from });
    say(
      paths.length ? `${label}, ${when()}: ${many(paths.length, "shortest path", "shortest paths")}.`
        : `${label}, ${when()}: no path. ${nodes[from].label} does not need ${nodes[to].label} then.`,
      back.length ? [element("p", {}, "It is the other way round: ", turned)] : [],
      paths.slice(0, 20).flatMap((path, at) => part(`Path ${at + 1}, steps`, lines(path), "ol")),
    );
  };

  const showOutage = () => {
    const found = fleet.outage(view.off, view.time);
    const looksOf = new Map([...found.spared.map((number) => [number, "spared"]), [view.off, "off"]]);
    const ways = new Set();
    found.hits.forEach(({ node, effect, way }) => {
      looksOf.set(node, effect);
      way.slice(1).forEach((number, at) => ways.add(`${way[at]}-${number}`));
    });
    draw({ kept: new Set([...looksOf.keys(), ...found.hits.flatMap((hit) => hit.way)]), ways, looksOf, faint: true });
    const hits = (effect) => found.hits.filter((hit) => hit.effect === effect);
    const [down, degraded] = [hits("down"), hits("degraded")];
    const what = found.hits.length ? `${many(found.hits.length, "production node", "production nodes")} affected, ${down.length} down and ${degraded.length} degraded` : "no production is affected";
    const safe = found.safe === null ? "There is no state from which on production does without." : `Safe from ${data.names[found.safe]} on.`;
    say(
      `${nodes[view.off].label} off, ${when()}: ${what}. ${safe}`,
      part("Down", down.map((hit) => chain(hit.way))),
      part("Degraded, as only a lane leads there", degraded.map((hit) => chain(hit.way))),
      part("Stays up on another host", found.spared.map((number) => [entry(number)])),
      part("Nobody knows enough of these", found.unknown.map((number) => [kindOf(number), entry(number)])),
    );
  };

  /* --- the controls ----------------------------------------------------------- */

  const show = () => {
    field("time").value = view.time;
    field("time-name").textContent = data.names[view.time];
    field("time").setAttribute("aria-valuetext", data.names[view.time]);
    field("depth").value = view.depth > 6 ? 99 : view.depth;
    field("way").value = view.way;
    field("off").value = idOf(view.off);
    ["focus", "from", "to"].forEach((name) => { field(name).value = view[name] === null ? "" : nodes[view[name]].label; });
    document.querySelectorAll("#rc-explorer .rc-filters input").forEach((box) => {
      box.checked = !view[box.dataset.what].has(Number(box.value));
    });
    if (view.off !== null) showOutage();
    else if (view.from !== null && view.to !== null && view.from !== view.to) showPath();
    else if (view.focus !== null) showFocus();
    else showAll();
  };

  const chooser = (name, choose) => {
    const [input, box] = [field(name), field(`${name}-found`)];
    let found = [];
    let at = -1;
    const close = () => {
      box.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (next) => {
      at = found.length ? (next + found.length) % found.length : -1;
      [...box.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      if (at < 0) return;
      input.setAttribute("aria-activedescendant", box.children[at].id);
      box.children[at].scrollIntoView({ block: "nearest" });
    };
    const take = (node) => {
      close();
      choose(node.number);
    };
    const open = () => {
      found = fleet.search(input.value, MOST_FOUND);
      box.replaceChildren(...found.map((node, number) => {
        const option = element("li", { role: "option", id: `rc-${name}-${number}` }, kindOf(node.number), node.label);
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(node); });
        return option;
      }));
      box.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      mark(0);
    };
    input.addEventListener("input", open);
    input.addEventListener("blur", close);
    input.addEventListener("change", () => { if (!input.value.trim()) choose(null); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (box.hidden) open(); else mark(at + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (!box.hidden && at >= 0) take(found[at]);
      } else if (event.key === "Escape") close();
    });
  };

  const filters = (what, names) => {
    field(what).append(...names.map((name, number) => {
      const box = element("input", { type: "checkbox", value: number, "data-what": what });
      box.addEventListener("change", () => {
        if (box.checked) view[what].delete(number); else view[what].add(number);
        change({});
      });
      return element("label", {}, box, ` ${name}`);
    }));
  };

  chooser("focus", lookAt);
  chooser("from", (number) => change({ from: number, focus: null, off: null }));
  chooser("to", (number) => change({ to: number, focus: null, off: null }));
  filters("kinds", data.kinds.map(([, plural]) => plural));
  filters("relations", data.relations.map((name) => name.replace(/-/g, " ")));
  field("time").addEventListener("input", () => change({ time: Number(field("time").value) }));
  field("depth").addEventListener("change", () => change({ depth: Number(field("depth").value) }));
  field("way").addEventListener("change", () => change({ way: field("way").value }));
  field("off").addEventListener("change", () => switchOff(numberOf(field("off").value)));
  field("reset").addEventListener("click", () => change({ ...START, time: view.time, kinds: new Set(), relations: new Set() }));
  field("in").addEventListener("click", () => zoom(1.4));
  field("out").addEventListener("click", () => zoom(1 / 1.4));
  field("fit").addEventListener("click", fit);
  field("legend").append(...data.kinds.map(([kind]) => element("li", { class: `rc-colour-${/^[a-z]+$/.test(kind) ? kind : "other"}` }, kind)));
  root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => { read(); show(); });
  window.regcheckExplorer = { view, fleet, cy };

  read();
  show();
  cy.stop(true, true);
})();
