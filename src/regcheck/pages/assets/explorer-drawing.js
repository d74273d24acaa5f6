/* The explorer's drawing: what Cytoscape.js shows of a view, and where. */

"use strict";

window.regcheckDrawing = (fleet, canvas, { view, isShown, lookAt }) => {
  const { nodes, edges, data } = fleet;
  const [WIDTH, HEIGHT] = data.box;
  const LETTERS = 12; // pixels
  const SMALLEST = 7; // pixels that letters need to be read
  const FONT = "system-ui, sans-serif";
  const MOST_ARRANGED = 300; // entries; of more no order is readable
  const MOST_TOLD = 14; // lines that say what they are
  const SMALL = 9; // pixels of the letters in which they do
  const PAST = 75; // pixels from the middle of a column to that between it and the next one
  const MANY = 30; // entries of which those beside one another are joined by a shadow of a line
  const MOST_LINES = 5000; // in a drawing of the whole fleet; more of them are a grey sheet
  const sparse = edges.length > MOST_LINES;
  const MARGIN = 16;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  /* --- how it looks ----------------------------------------------------------- */

  const colour = (name) => window.getComputedStyle(document.body).getPropertyValue(`--map-${name}`).trim();
  const isMachine = data.kinds.map(([kind]) => kind === "machine");

  const looks = () => {
    const kindColours = data.kinds.map(([kind]) => (/^[a-z-]+$/.test(kind) && colour(kind)) || colour("other"));
    return [
      { selector: "core", style: { "active-bg-opacity": 0 } }, // it would stay where a finger began to scroll
      { selector: "node", style: {
        shape: "round-rectangle", width: WIDTH, height: HEIGHT, "background-color": colour("box"),
        "border-width": 1.5, "border-color": (node) => kindColours[node.data("kind")], label: "data(label)",
        color: colour("text"), "font-size": LETTERS, "font-family": FONT, "text-valign": "center",
        "text-halign": "center", "text-wrap": "wrap", "text-max-width": 2 * WIDTH, "min-zoomed-font-size": 4,
      } },
      { selector: "node.production", style: { "border-width": 3, "font-weight": "bold" } },
      { selector: "node.machine", style: { "background-color": colour("column"), "border-width": 3, shape: "rectangle" } },
      { selector: "node.noted", style: { height: HEIGHT + 14, label: (node) => `${node.data("label")}\n${node.data("note")}` } },
      { selector: "node.gone", style: { "border-style": "dashed", "background-opacity": 0, color: colour("note") } },
      { selector: "edge", style: {
        width: 1.2, "line-color": colour("line"), "target-arrow-color": colour("line"), "target-arrow-shape": "triangle",
        "arrow-scale": 0.9, "curve-style": "straight",
      } },
      { selector: "edge.bow", style: { "curve-style": "unbundled-bezier", "control-point-distances": 70, "control-point-weights": 0.5 } },
      { selector: "edge.past", style: {
        "curve-style": "unbundled-bezier", "control-point-distances": [-PAST, -PAST], "control-point-weights": [0.05, 0.95],
      } },
      { selector: "edge.right", style: { "control-point-distances": [PAST, PAST] } },
      { selector: "edge.mutual", style: { "source-arrow-shape": "triangle", "source-arrow-color": colour("line") } },
      { selector: "edge.told", style: {
        label: "data(told)", color: colour("note"), "font-size": SMALL, "font-family": FONT, "min-zoomed-font-size": 6,
        "text-wrap": "wrap", "text-background-color": colour("paper"), "text-background-opacity": 1,
        "text-background-padding": 2, "z-index": 1,
      } },
      { selector: ".absent", style: { display: "none" } },
      { selector: "node.faint", style: { "background-color": colour("paper"), "background-opacity": 1, color: colour("note"), "border-opacity": 0.4, "font-weight": "normal" } },
      { selector: "edge.calm", style: { opacity: 0.4 } },
      { selector: "edge.lit", style: { opacity: 1, width: 2.2 } },
      { selector: "edge.faint", style: { opacity: 0.12 } },
      { selector: "edge.way", style: { width: 3, opacity: 1, "line-color": colour("critical"), "target-arrow-color": colour("critical") } },
      { selector: "node.focus", style: { "background-color": colour("focus"), "border-width": 5, "border-color": colour("text") } },
      { selector: "node.down", style: { "background-color": colour("down"), "border-color": colour("critical"), "border-width": 4 } },
      { selector: "node.degraded", style: {
        "background-color": colour("degraded"), "border-color": colour("doing"), "border-width": 4, "border-style": "dashed",
      } },
      { selector: "node.also-down", style: { "background-color": colour("down"), "border-color": colour("critical"), "border-width": 1.5 } },
      { selector: "node.also-degraded", style: {
        "background-color": colour("degraded"), "border-color": colour("doing"), "border-width": 1.5, "border-style": "dashed",
      } },
      { selector: "node.spared", style: { "border-color": colour("done"), "border-width": 4, "border-style": "double" } },
      { selector: "node.off", style: {
        "background-color": colour("text"), "background-opacity": 1, color: colour("paper"), "border-color": colour("critical"), "border-width": 5,
      } },
    ];
  };

  /* A name on two lines that fit into a box, broken where it has a joint. */
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `bold ${LETTERS}px ${FONT}`;
  const fits = (text) => pen.measureText(text).width <= WIDTH - 10;
  const cut = (text) => {
    const letters = [...text];
    let most = letters.length;
    while (most > 1 && !fits(`${letters.slice(0, most).join("")}…`)) most -= 1;
    return `${letters.slice(0, most).join("").trimEnd()}…`;
  };
  const short = (name) => {
    const label = name.slice(0, 60); // of a longer one no more would be seen
    if (fits(label)) return label;
    const joints = [...label.matchAll(/[-/_. ]/g)].map((found) => found.index + 1).filter((at) => fits(label.slice(0, at).trimEnd()));
    const first = joints.length ? joints[joints.length - 1] : 0;
    if (!first) return cut(label);
    const rest = label.slice(first);
    return `${label.slice(0, first).trimEnd()}\n${fits(rest) ? rest : cut(rest)}`;
  };

  /* --- who moves what ---------------------------------------------------------- */

  /* The plain wheel and one finger scroll the page, as elsewhere; Ctrl or ⌘ with the wheel and two fingers
     move the drawing. Cytoscape.js, which would take them all, hears of taps alone. */
  const FINGER = 10; // pixels that a finger moves at most while it taps
  const touch = { start: null, moved: false, pair: null };
  const middle = (touches) => {
    const [one, other] = [...touches].map(({ clientX: x, clientY: y }) => ({ x, y }));
    const apart = Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, apart };
  };
  const first = (name, react) => canvas.addEventListener(name, react, { capture: true, passive: false });
  first("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) event.preventDefault(); // or the browser would make the page larger
    else event.stopImmediatePropagation();
  });
  first("touchstart", (event) => {
    Object.assign(touch, { start: event.targetTouches[0], moved: event.targetTouches.length > 1, pair: null });
    if (touch.moved) event.stopImmediatePropagation();
  });
  first("touchmove", (event) => {
    event.stopPropagation();
    const { clientX, clientY } = event.targetTouches[0];
    touch.moved ||= Math.hypot(clientX - touch.start.clientX, clientY - touch.start.clientY) > FINGER;
    if (event.targetTouches.length < 2) return;
    if (event.cancelable) event.preventDefault();
    const now = middle(event.targetTouches);
    const before = touch.pair || now;
    const { left, top } = canvas.getBoundingClientRect();
    cy.panBy({ x: now.x - before.x, y: now.y - before.y });
    cy.zoom({ level: cy.zoom() * now.apart / before.apart, renderedPosition: { x: now.x - left, y: now.y - top } });
    touch.pair = now;
  });
  first("touchend", (event) => {
    touch.pair = null;
    if (!touch.moved) return;
    event.stopPropagation();
    canvas.dispatchEvent(new Event("touchcancel", { bubbles: true })); // so that nothing was tapped
  });

  window.cytoscape.warnings(false);
  const cy = window.cytoscape({
    container: canvas,
    elements: [
      ...nodes.map(({ number, label, kind, x, y }) => ({
        group: "nodes", classes: "absent", position: { x, y }, data: { id: `n${number}`, label: short(label), kind },
      })),
      ...edges.map(({ number, source, target }) => ({
        group: "edges", classes: "absent", data: { id: `e${number}`, source: `n${source}`, target: `n${target}` },
      })),
    ],
    style: looks(), layout: { name: "preset", fit: false }, autoungrabify: true, boxSelectionEnabled: false,
    minZoom: 0.02, maxZoom: 3, textureOnViewport: nodes.length > 1500, hideEdgesOnViewport: sparse,
  });
  const nodeOf = nodes.map(({ number }) => cy.getElementById(`n${number}`));
  const edgeOf = edges.map(({ number }) => cy.getElementById(`e${number}`));
  const numberOf = (element) => Number(element.id().slice(1));
  cy.on("tap", "node", (event) => lookAt(numberOf(event.target)));
  cy.on("mouseover mouseout", "node", (event) => {
    const over = event.type === "mouseover";
    canvas.classList.toggle("rc-over", over);
    canvas.title = over ? nodes[numberOf(event.target)].label : "";
  });
  const restyle = () => cy.style(looks());
  new MutationObserver(restyle).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", restyle);

  /* --- where it stands -------------------------------------------------------- */

  let placed = new Map(); // those few that do not stand where the whole fleet has them
  const at = (number) => placed.get(number) || nodes[number];
  const around = (numbers) => {
    const box = { x1: Infinity, x2: -Infinity, y1: Infinity, y2: -Infinity };
    numbers.map(at).forEach(({ x, y }) => {
      [box.x1, box.x2] = [Math.min(box.x1, x - WIDTH / 2), Math.max(box.x2, x + WIDTH / 2)];
      [box.y1, box.y2] = [Math.min(box.y1, y - HEIGHT / 2), Math.max(box.y2, y + HEIGHT / 2)];
    });
    return box;
  };
  const scale = ({ x1, x2, y1, y2 }) => Math.min(
    fleet.larger, (cy.width() - 2 * MARGIN) / (x2 - x1), (cy.height() - 2 * MARGIN) / (y2 - y1),
  );
  const whole = around(nodes.map(({ number }) => number));

  const fit = () => {
    const shown = nodes.map(({ number }) => number).filter((number) => given.get(nodeOf[number]) !== "absent");
    if (!shown.length) return;
    const box = around(shown);
    const zoom = scale(box);
    const pan = { x: (cy.width() - zoom * (box.x1 + box.x2)) / 2, y: (cy.height() - zoom * (box.y1 + box.y2)) / 2 };
    if (still.matches) cy.viewport({ zoom, pan }); else cy.stop().animate({ zoom, pan, duration: 250 });
  };

  /* Whether a straight line passes over a box (the slab method of Kay and Kajiya, SIGGRAPH 1986). */
  const passes = (from, to, { x, y, width = WIDTH, height = HEIGHT }) => {
    let [enter, leave] = [0, 1];
    const meets = [[from.x, to.x, x, width / 2], [from.y, to.y, y, height / 2]].every(([start, end, middle, half]) => {
      if (start === end) return Math.abs(start - middle) < half;
      const cuts = [(middle - half - start) / (end - start), (middle + half - start) / (end - start)];
      [enter, leave] = [Math.max(enter, Math.min(...cuts)), Math.min(leave, Math.max(...cuts))];
      return true;
    });
    return meets && enter < leave;
  };

  /* How a line goes: straight; in a bow past boxes that it would cross, where few are drawn; and past those of
     its own column outside of it, on the side that is further from the middle. */
  const columns = new Map();
  nodes.forEach((node) => columns.set(node.x, [...(columns.get(node.x) || []), node]));
  const bend = ({ source, target }) => {
    const [from, to] = [at(source), at(target)];
    const within = from.x === to.x;
    const others = placed.size ? [...placed].map(([number, box]) => ({ number, ...box })) : within ? columns.get(from.x) : [];
    const blocked = others.some((box) => box.number !== source && box.number !== target && passes(from, to, box));
    if (!blocked || !within) return blocked ? "bow" : "";
    const { x1, x2 } = placed.size ? around([...placed.keys()]) : whole;
    return (from.x >= (x1 + x2) / 2) === (from.y > to.y) ? "past right" : "past";
  };

  /* The lines of a drawing, each with all edges between the same two entries: first that of a way. */
  const lines = (found) => {
    const pairs = new Map();
    edges.filter(({ number }) => found[number] !== "absent").forEach((edge) => {
      const pair = [edge.source, edge.target].sort().join("-");
      pairs.set(pair, [...(pairs.get(pair) || []), edge]);
    });
    return [...pairs.values()].map((same) => same.sort((one, other) => (found[other.number] === "way") - (found[one.number] === "way")));
  };

  /* What few straight lines say that they are, where no box and nothing that another one says is in the way. */
  const told = (drawn) => {
    const found = new Map();
    const taken = [];
    const say = (same) => {
      const [{ source, target }] = same;
      const [from, to] = [at(source), at(target)];
      const verbs = (back) => [...new Set(same.filter((edge) => (edge.source !== source) === back).map((edge) => data.verbs[edge.verb]))];
      const text = [verbs(false), verbs(true)].filter((some) => some.length).map((some) => some.join(",\n")).join(" ⇄\n");
      const rows = text.split("\n");
      const width = Math.max(...rows.map((row) => pen.measureText(row).width)) * SMALL / LETTERS;
      const label = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, width, height: rows.length * SMALL * 1.2, from, to };
      const over = (box) => passes({ x: label.x - width / 2, y: label.y }, { x: label.x + width / 2, y: label.y },
        { ...box, height: (box.height || HEIGHT) + label.height });
      if ([...placed.values(), ...taken].some(over)) return;
      if (taken.some((other) => passes(from, to, other) || passes(other.from, other.to, label))) return;
      taken.push(label);
      found.set(same[0], text);
    };
    if (placed.size && drawn.length <= MOST_TOLD) drawn.filter(([edge]) => !bend(edge)).forEach(say);
    return found;
  };

  /* Give an element its classes; in a large fleet most of them keep theirs. */
  const given = new Map();
  const give = (element, classes) => {
    const text = classes.filter(Boolean).join(" ");
    if (given.get(element) !== text) element.classes(text);
    given.set(element, text);
  };

  /* Draw what is there and `kept`, with `notes` under names: by `levels` in columns of its own, or with `faint`, where
     the whole can be read, at its place with the rest as a shadow. Returns the looks and the kinds that are seen. */
  const draw = ({ kept = null, levels = null, ways = new Set(), looksOf = new Map(), notes = new Map(), faint = false }) => {
    const shadows = faint && scale(whole) * LETTERS >= SMALLEST;
    const before = placed;
    const few = levels && !shadows && levels.size <= MOST_ARRANGED;
    placed = few ? fleet.arrange(levels, cy.width(), cy.height()) : new Map();
    const seen = { looks: new Set(), kinds: new Set() };
    const drawNode = ({ number, kind }) => {
      const there = fleet.isThere(number, view.time) || looksOf.has(number);
      const wanted = kept === null ? !view.kinds.has(kind) || looksOf.has(number) : kept.has(number) || (shadows && looksOf.has(number));
      if (!there || (!wanted && !shadows)) return give(nodeOf[number], ["absent"]);
      const looks = [
        fleet.isProduction(number, view.time) && "production", !fleet.isReal(number, view.time) && "gone",
        looksOf.get(number), !wanted && "faint",
      ];
      looks.forEach((look) => seen.looks.add(look));
      seen.kinds.add(kind);
      if (notes.has(number)) nodeOf[number].data("note", notes.get(number));
      return give(nodeOf[number], [isMachine[kind] && "machine", notes.has(number) && "noted", ...looks]);
    };
    const lookOf = (edge) => {
      const way = ways.has(`${edge.source}-${edge.target}`);
      if (way && fleet.holds(edge.times, view.time)) return "way";
      if (!isShown(edge) || !fleet.isThere(edge.source, view.time)) return "absent";
      if (kept === null) return sparse ? "absent" : "calm";
      if (kept.has(edge.source) && kept.has(edge.target)) {
        return placed.size > MANY && levels.get(edge.source) === levels.get(edge.target) ? "faint" : "";
      }
      return shadows ? "faint" : "absent";
    };
    cy.batch(() => {
      new Set([...before.keys(), ...placed.keys()]).forEach((number) => nodeOf[number].position({ x: at(number).x, y: at(number).y }));
      nodes.forEach(drawNode);
      const found = edges.map(lookOf);
      const joined = lines(found);
      const words = told(joined.filter(([edge]) => ["", "calm", "way"].includes(found[edge.number])));
      const one = new Map(joined.map((same) => [same[0], same]));
      edges.forEach((edge, number) => {
        const same = one.get(edge);
        if (!same) return give(edgeOf[number], ["absent"]);
        ["arrow", found[number]].forEach((look) => seen.looks.add(look));
        if (words.has(edge)) edgeOf[number].data("told", words.get(edge));
        const mutual = same.some(({ source }) => source !== edge.source);
        return give(edgeOf[number], [found[number], bend(edge), mutual && "mutual", words.has(edge) && "told"]);
      });
    });
    fit();
    return seen;
  };

  cy.on("mouseover", "node", ({ target }) => target.connectedEdges().addClass("lit"));
  cy.on("mouseout", "node", ({ target }) => target.connectedEdges().removeClass("lit"));

  return {
    cy, draw, fit, sparse,
    zoom: (factor) => cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
  };
};
