/* The explorer: one view of the fleet, kept in the address, as a drawing and in words. */

"use strict";

(() => {
  const root = document.getElementById("rc-explorer");
  if (!root || !window.regcheckFleet || !window.cytoscape) return;
  const fleet = window.regcheckModel(window.regcheckFleet);
  const { nodes, edges, data } = fleet;
  const MOST_FOUND = 12;
  const MOST_LISTED = 200;
  const MOST_OF_A_KIND = 60;
  const MOST_DOWN = 30; // entries; of more only what production needs is drawn
  const field = (name) => document.getElementById(`rc-${name}`);
  root.hidden = false;

  /* --- the view: what is shown, and in the address -------------------------- */

  const START = { time: 0, focus: null, depth: 1, way: "both", from: null, to: null, off: null, all: false };
  const view = { ...START, kinds: new Set(), relations: new Set() };

  const numberOf = (id) => (fleet.byId.has(id) ? fleet.byId.get(id).number : null);
  const labelOf = (number) => (number === null ? "" : nodes[number].label);
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
    view.all = said.get("show") === "everything";
    view.kinds = hidden(said.get("without-kinds"), data.kinds.map(([kind]) => kind));
    view.relations = hidden(said.get("without-relations"), data.relations.map(([name]) => name));
  };

  /* The address of a view, without its `#`. */
  const address = (one) => {
    const said = new URLSearchParams();
    if (one.time) said.set("state", data.states[one.time]);
    ["focus", "from", "to", "off"].forEach((name) => { if (one[name] !== null) said.set(name, idOf(one[name])); });
    if (one.depth !== START.depth) said.set("depth", one.depth);
    if (one.way !== START.way) said.set("way", one.way);
    if (one.all) said.set("show", "everything");
    if (one.kinds.size) said.set("without-kinds", [...one.kinds].map((at) => data.kinds[at][0]).join());
    if (one.relations.size) said.set("without-relations", [...one.relations].map((at) => data.relations[at][0]).join());
    return said.toString().replace(/%3A/g, ":").replace(/%2C/g, ",");
  };

  /* Another entry, path or outage is a new step back in the browser's history; a setting of it is not. */
  const change = (changes, step = "replaceState") => {
    Object.assign(view, changes);
    const hash = address(view);
    window.history[step](null, "", hash ? `#${hash}` : window.location.pathname + window.location.search);
    show();
  };

  /* An entry, a path and an outage are looked at one at a time. */
  const NOTHING = { focus: null, from: null, to: null, off: null, all: false };
  const lookAt = (number) => change({ ...NOTHING, focus: number }, "pushState");
  const switchOff = (number) => change({ ...NOTHING, off: number }, "pushState");

  /* More than can be read at once, or than a phone has room for: then it begins with the machines alone. */
  const MOST_AT_ONCE = 80; // entries
  const MOST_MACHINES = [60, 24]; // of more the most needed ones are drawn; on a phone fewer
  const narrow = window.matchMedia("(max-width: 599.98px)");
  const isMachine = ({ number }) => number in data.outages;
  const isMuch = () => (narrow.matches || nodes.filter(({ number }) => fleet.isThere(number, 0)).length > MOST_AT_ONCE)
    && nodes.some((node) => isMachine(node) && fleet.isThere(node.number, view.time));
  const isBegun = () => !address({ ...view, time: 0, all: view.all && isMuch() });
  const isQuiet = () => isMuch() && !view.all && !view.kinds.size && !view.relations.size;

  const isShown = (edge) => fleet.holds(edge.times, view.time) && !view.relations.has(edge.relation)
    && !view.kinds.has(nodes[edge.source].kind) && !view.kinds.has(nodes[edge.target].kind);

  const drawing = window.regcheckDrawing(fleet, field("canvas"), { view, isShown, lookAt });
  let drawn = {};
  const draw = (what) => {
    drawn = what;
    const seen = drawing.draw(what);
    [...field("signs").children].forEach((sign) => { sign.hidden = !seen.looks.has(sign.dataset.look); });
    [...field("legend").children].forEach((sign, kind) => { sign.hidden = !seen.kinds.has(kind); });
  };
  drawing.cy.on("resize", () => draw(drawn));

  /* --- in words --------------------------------------------------------------- */

  const element = (tag, attributes, ...inside) => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...inside); // text stays text
    return made;
  };
  const link = (text, changes) => element("a", { href: `#${address({ ...view, ...NOTHING, ...changes })}` }, text);
  const entry = (number) => link(nodes[number].label, { focus: number });
  const kindName = (number) => data.kinds[nodes[number].kind][0];
  const kindOf = (number) => element("span", { class: "rc-kind" }, `${kindName(number)} `);
  const small = (text) => element("span", { class: "rc-kind" }, text);
  /* The name of an entry in a sentence, with its kind where others are called the same. */
  const called = new Map();
  nodes.forEach(({ label }) => called.set(label, (called.get(label) || 0) + 1));
  const named = (number) => `${nodes[number].label}${called.get(nodes[number].label) > 1 ? ` (${kindName(number)})` : ""}`;
  const list = (lines, tag = "ul", most = MOST_LISTED) => {
    const made = element(tag, {}, ...lines.slice(0, most).map((line) => element("li", {}, ...line)));
    if (lines.length > most) made.append(element("li", {}, `and ${(lines.length - most).toLocaleString("en")} more`));
    return made;
  };
  const part = (title, lines, tag, most) => (lines.length
    ? [element("div", { class: "rc-part" }, element("h2", {}, title), list(lines, tag, most))] : []);
  const counted = (title, lines, most) => part(`${title} (${lines.length.toLocaleString("en")})`, lines, "ul", most);
  const say = (said, ...parts) => {
    field("said").textContent = said;
    field("list").replaceChildren(...parts.flat());
  };
  const many = (count, one, more) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
  const LAST = data.states.length - 1;
  const nameOf = (time) => (time === 0 ? "now" : time === LAST ? "the target" : `wave ${data.states[time].slice(5)}`);
  const when = (time = view.time) => (time === 0 ? "now" : time === LAST ? "at the target" : `after ${nameOf(time)}`);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const When = () => capital(when());
  const chain = (way) => [kindOf(way[0]), ...way.flatMap((number, step) => (step ? [" → ", entry(number)] : [entry(number)]))];
  const line = (number) => [entry(number), small(` ${fleet.noteOf(nodes[number], view.time)}`)];

  const showAll = (looksOf = new Map(), asked = "") => {
    const quiet = isQuiet();
    const there = nodes.filter((node) => fleet.isThere(node.number, view.time) && !view.kinds.has(node.kind));
    const real = there.filter((node) => fleet.isReal(node.number, view.time));
    const lost = there.filter((node) => !fleet.isReal(node.number, view.time));
    const machines = new Map(there.filter(isMachine)
      .map(({ number }) => [number, new Set(fleet.neededBy(number, view.time).map((edge) => edge.source)).size]));
    const needed = (number) => `needed by ${machines.get(number) ? machines.get(number).toLocaleString("en") : "nothing"}`;
    const foremost = [...machines.keys()].sort((one, other) => machines.get(other) - machines.get(one))
      .slice(0, MOST_MACHINES[Number(narrow.matches)]).sort((one, other) => one - other);
    if (quiet) {
      const levels = new Map([...foremost, ...looksOf.keys()].map((number) => [number, 0]));
      draw({ kept: new Set(levels.keys()), levels, looksOf, notes: new Map(foremost.map((number) => [number, needed(number)])) });
    } else draw({ looksOf });
    const joined = many(edges.filter(isShown).length, "relation", "relations");
    const needing = ({ number }) => fleet.neededBy(number, view.time).filter(isShown).flatMap((edge, at) => [at ? ", " : "", entry(edge.source)]);
    const told = (node) => [...line(node.number), ...(quiet && isMachine(node) ? [small(`, ${needed(node.number)}`)] : [])];
    const kinds = quiet ? [...fleet.kinds].sort((one, other) => (data.kinds[other][0] === "machine") - (data.kinds[one][0] === "machine")) : fleet.kinds;
    say(
      asked || `${When()} there ${real.length === 1 ? "is" : "are"} ${many(real.length, "entry", "entries")} with ${joined}.${
        lost.length ? ` ${many(lost.length, "more is", "more are")} not there, and still needed.` : ""}${
        quiet && machines.size > foremost.length ? ` Of ${machines.size.toLocaleString("en")} machines the ${foremost.length} that are needed most are drawn.` : ""}${
        quiet ? " Choose an entry, or switch a machine off." : drawing.sparse ? " Of so many relations only those around what is looked at are drawn." : ""}`,
      counted("Not there, and still needed", lost.map((node) => [kindOf(node.number), ...line(node.number), ": needed by ", ...needing(node)])),
      kinds.flatMap((kind) => counted(capital(data.kinds[kind][1]), real.filter((node) => node.kind === kind).map(told), MOST_OF_A_KIND)),
    );
  };

  /* The times at which an entry is there, in words. */
  const times = ({ there }) => {
    const spans = [];
    for (let at = 0; at < there.length; at += 2) {
      const [first, last] = [there[at], there[at + 1]];
      if (first === last) spans.push(`${there.length === 2 ? "only " : ""}${when(first)}`);
      else if (last === LAST) spans.push(`from ${nameOf(first)} on`);
      else spans.push(first === 0 ? `until ${nameOf(last)}` : `from ${nameOf(first)} to ${nameOf(last)}`);
    }
    return spans.join(" and ") || "in no state";
  };

  /* The entries at one end of edges, each with all that they are to the other one. */
  const byEnd = (found, end) => {
    const verbs = new Map();
    found.forEach((edge) => verbs.set(edge[end], [...(verbs.get(edge[end]) || []), data.verbs[edge.verb]]));
    return [...verbs].map(([number, words]) => [number, [...new Set(words)].join(" and ")]);
  };

  const showFocus = () => {
    const [node, name] = [nodes[view.focus], named(view.focus)];
    const steps = fleet.around(view.focus, view.time, view.depth, view.way, isShown);
    draw({ kept: new Set(steps.keys()), levels: steps, looksOf: new Map([[view.focus, "focus"]]) });
    const there = fleet.isThere(view.focus, view.time);
    const to = view.way === "needed" ? [] : fleet.needs(view.focus, view.time).filter(isShown);
    const from = view.way === "needs" ? [] : fleet.neededBy(view.focus, view.time).filter(isShown);
    const [on, back] = [byEnd(to, "target"), byEnd(from, "source")];
    const count = (ends) => (ends.length ? many(ends.length, "entry", "entries") : "nothing");
    const told = [
      ...(view.way === "needed" ? [] : [`needs ${count(on)}`]), ...(view.way === "needs" ? [] : [`is needed by ${count(back)}`]),
    ].join(" and ");
    const far = [...steps].filter(([, step]) => Math.abs(step) > 1).sort(([, one], [, other]) => Math.abs(one) - Math.abs(other))
      .map(([number, step]) => [kindOf(number), entry(number), small(` ${Math.abs(step)} steps ${step > 0 ? "on" : "back"}`)]);
    const note = fleet.noteOf(node, view.time);
    const links = [element("a", { href: node.href || "#" }, "Its page")];
    if (view.focus in data.outages) links.push(" · ", link("Switch it off", { off: view.focus }));
    say(
      there ? `${When()} ${name} ${told}${view.depth > 1 ? `; ${many(steps.size - 1, "entry is", "entries are")} within ${view.depth > 6 ? "any number of" : view.depth} steps` : ""}.`
        : `${name} is not there ${when()}, but ${times(node)}.`,
      [element("p", {}, kindOf(view.focus), note ? `${note} · ` : "", ...links)],
      counted("Needs", on.map(([number, verbs]) => [`${verbs} `, kindOf(number), entry(number)])),
      counted("Needed by", back.map(([number, verbs]) => [kindOf(number), entry(number), ` ${verbs} it`])),
      counted("Further away", far),
    );
  };

  const showPath = () => {
    const [from, to] = [view.from, view.to];
    const paths = fleet.why(from, to, view.time);
    const back = paths.length ? [] : fleet.why(to, from, view.time);
    const unknown = paths.length ? [] : fleet.open(from, view.time);
    const kept = new Set([from, to]);
    const ways = new Set();
    paths.flat().forEach((edge) => { kept.add(edge.source).add(edge.target); ways.add(`${edge.source}-${edge.target}`); });
    const levels = paths.length ? fleet.levels(from, paths) : new Map([[from, 0], [to, 1]]);
    draw({ kept, ways, levels, looksOf: new Map([[from, "focus"], [to, "focus"]]) });
    const lines = (path) => path.map((edge, step) => {
      const hop = step && path[step - 1].target !== edge.source && path[step - 1].source === edge.source;
      return [kindOf(edge.source), entry(edge.source), hop ? ` then ${data.verbs[edge.verb]} ` : ` ${data.verbs[edge.verb]} `, entry(edge.target)];
    });
    const turned = link(`${nodes[to].label} → ${nodes[from].label}`, { from: to, to: from });
    say(
      paths.length ? `${When()} ${named(from)} needs ${named(to)}, by ${many(paths.length, "shortest path", "shortest paths")}.`
        : `${When()} ${named(from)} does not need ${named(to)}${unknown.length ? ", as far as anybody knows" : ": there is no path"}.`,
      back.length ? [element("p", {}, "It is the other way round: ", turned)] : [],
      counted("Nobody knows enough of these", unknown.map((number) => [kindOf(number), entry(number)])),
      paths.slice(0, 20).flatMap((path, step) => part(`Path ${step + 1}, in ${many(path.length, "step", "steps")}`, lines(path), "ol")),
    );
  };

  const showOutage = () => {
    const found = fleet.outage(view.off, view.time);
    const looksOf = new Map([...found.spared.map((number) => [number, "spared"]), [view.off, "off"]]);
    const levels = new Map([[view.off, 0], ...found.spared.map((number) => [number, -1])]);
    const ways = new Set();
    const stand = ({ node, way }) => levels.set(node, 1 - way.length);
    found.others.forEach(({ node, effect }) => looksOf.set(node, `also-${effect}`));
    found.hits.forEach(({ node, effect, way }) => {
      looksOf.set(node, effect);
      way.slice(1).forEach((number, step) => ways.add(`${way[step]}-${number}`));
    });
    if (found.hits.length + found.others.length <= MOST_DOWN) found.others.forEach(stand);
    found.hits.forEach(stand);
    found.hits.forEach(({ way }) => way.forEach((number, step) => { if (!levels.has(number)) levels.set(number, 1 + step - way.length); }));
    draw({ kept: new Set(levels.keys()), levels, ways, looksOf, faint: true });
    const having = (effect, some) => some.filter((one) => one.effect === effect);
    const [down, degraded] = ["down", "degraded"].map((effect) => having(effect, found.hits));
    const also = (effect) => having(effect, found.others)
      .map(({ node, way }) => [small(`${fleet.noteOf(nodes[node], view.time)} `.trimStart()), ...chain(way)]);
    const hit = [down.length ? many(down.length, "production node goes down", "production nodes go down") : "",
      degraded.length ? `${many(degraded.length, "production node", "production nodes")} ${degraded.length === 1 ? "is" : "are"} degraded` : ""]
      .filter(Boolean).join(" and ").replace(/(and [\d,]+) production nodes?/, "$1");
    const safe = found.safe === null
      ? (found.always ? "It is needed in every state, the target included." : "It is needed at the target.")
      : found.safe === 0 ? "It can be off in every state without harm."
        : found.safe === LAST ? "Only at the target can it be off without harm." : `From ${nameOf(found.safe)} on it can be off without harm.`;
    say(
      hit || fleet.isReal(view.off, view.time)
        ? `With ${named(view.off)} off ${when()}, ${hit || "no production node goes down"}. ${safe}`
        : `${named(view.off)} is not there ${when()}. ${safe}`,
      counted("Down", down.map(({ way }) => chain(way))),
      counted("Degraded, as only a lane leads there", degraded.map(({ way }) => chain(way))),
      counted("Down, not counted as production", also("down")),
      counted("Degraded, not counted as production", also("degraded")),
      counted("Stays up on another host", found.spared.map((number) => [kindOf(number), entry(number)])),
      counted("Nobody knows enough of these", found.unknown.map((number) => [kindOf(number), entry(number)])),
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
    field("reset").hidden = isBegun() && !isMuch();
    field("reset").textContent = isBegun() || !isMuch() ? "Show everything" : "Show the machines";
    ["focus", "from", "to"].forEach((name) => { field(name).value = labelOf(view[name]); });
    document.querySelectorAll("#rc-explorer .rc-filters input").forEach((box) => {
      box.checked = !view[box.dataset.what].has(Number(box.value));
    });
    if (view.off !== null) showOutage();
    else if (view.from !== null && view.to !== null && view.from !== view.to) showPath();
    else if (view.focus !== null) showFocus();
    else if (view.from !== null && view.from === view.to) {
      showAll(new Map([[view.from, "focus"]]), `A path leads to another entry than ${named(view.from)}: choose one.`);
    } else if (view.from !== null || view.to !== null) {
      showAll(new Map([[view.from ?? view.to, "focus"]]), `A path ${view.to === null ? "from" : "to"} ${named(view.from ?? view.to)}: choose its other end.`);
    } else showAll();
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
      found.forEach((_, number) => box.children[number].setAttribute("aria-selected", String(number === at)));
      if (at < 0) return;
      input.setAttribute("aria-activedescendant", box.children[at].id);
      box.children[at].scrollIntoView({ block: "nearest" });
    };
    const take = (node) => {
      close();
      choose(node.number);
    };
    const open = () => {
      const all = fleet.search(input.value);
      found = all.slice(0, MOST_FOUND);
      const told = (text) => element("li", { role: "option", "aria-disabled": "true", class: "rc-told" }, text);
      box.replaceChildren(...found.map((node, number) => {
        const option = element("li", { role: "option", id: `rc-${name}-${number}` }, kindOf(node.number), node.label);
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(node); });
        return option;
      }));
      if (!found.length) box.append(told("Nothing of that name"));
      if (all.length > found.length) box.append(told(`${(all.length - found.length).toLocaleString("en")} more: go on typing`));
      box.hidden = !input.value.trim();
      input.setAttribute("aria-expanded", String(!box.hidden));
      mark(0);
    };
    input.addEventListener("input", open);
    input.addEventListener("blur", () => {
      close();
      input.value = labelOf(view[name]);
    });
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
  chooser("from", (number) => change({ from: number, focus: null, off: null }, "pushState"));
  chooser("to", (number) => change({ to: number, focus: null, off: null }, "pushState"));
  filters("kinds", data.kinds.map(([, plural]) => plural));
  filters("relations", data.relations.map(([, words]) => words));
  field("time").addEventListener("input", () => change({ time: Number(field("time").value) }));
  field("depth").addEventListener("change", () => change({ depth: Number(field("depth").value) }));
  field("way").addEventListener("change", () => change({ way: field("way").value }));
  field("off").addEventListener("change", () => switchOff(numberOf(field("off").value)));
  field("reset").addEventListener("click", () => {
    const all = isBegun(); // that is what the button says then
    change({ ...START, time: view.time, all, kinds: new Set(), relations: new Set() }, "pushState");
  });
  narrow.addEventListener("change", () => show());
  field("in").addEventListener("click", () => drawing.zoom(1.4));
  field("out").addEventListener("click", () => drawing.zoom(1 / 1.4));
  field("fit").addEventListener("click", drawing.fit);
  field("legend").append(...data.kinds.map(([kind]) => element("li", { class: `rc-colour-${/^[a-z]+$/.test(kind) ? kind : "other"}` }, kind)));
  root.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", () => { read(); show(); });
  window.regcheckExplorer = { view, fleet, cy: drawing.cy };

  /* On a narrow page the path and the filters are folded, unless the view has some. */
  const wide = window.matchMedia("(min-width: 60rem)");
  const unfold = () => { field("more").open = wide.matches || view.from !== null || view.to !== null || view.kinds.size + view.relations.size > 0; };
  wide.addEventListener("change", unfold);

  /* There the filters hang over the drawing, until somebody turns to something else. */
  const hanging = root.querySelector(".rc-filters");
  const away = (event) => { if (wide.matches && !hanging.contains(event.target)) hanging.open = false; };
  document.addEventListener("pointerdown", away);
  document.addEventListener("focusin", away);
  hanging.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hanging.open = false;
    hanging.querySelector("summary").focus();
  });

  read();
  unfold();
  show();
  drawing.cy.stop(true, true);
})();
