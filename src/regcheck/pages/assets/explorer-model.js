/* What the explorer knows: lookups in the fleet's data, and nothing that touches the page. */

"use strict";

window.regcheckModel = (data) => {
  const MOST_PATHS = 200;
  const nodes = data.nodes.map(([id, kind, label, notes, href, x, y, there, production, real], number) => ({
    number, id, kind, label, notes, href, x, y, there, production, real,
  }));
  const edges = data.edges.map(([source, target, relation, verb, item, times], number) => ({
    number, source, target, relation, verb, item, times,
  }));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const out = nodes.map(() => []);
  const into = nodes.map(() => []);
  edges.forEach((edge) => {
    out[edge.source].push(edge);
    into[edge.target].push(edge);
  });

  /* Whether a time is in ranges, each written as its first and last time. */
  const holds = (times, time) => {
    for (let at = 0; at < times.length; at += 2) {
      if (times[at] <= time && time <= times[at + 1]) return true;
    }
    return false;
  };

  const needs = (number, time) => out[number].filter((edge) => holds(edge.times, time));
  const neededBy = (number, time) => into[number].filter((edge) => holds(edge.times, time));

  /* How many steps away the entries around one are, as far as `shown` edges lead: below zero who needs it. */
  const around = (start, time, depth, way, shown) => {
    const steps = new Map([[start, 0]]);
    const walk = (edgesOf, end, sign) => {
      let level = [start];
      const seen = new Set(level);
      for (let step = 1; step <= depth && level.length; step += 1) {
        const next = [];
        level.forEach((number) => edgesOf(number, time).filter(shown).forEach((edge) => {
          const other = edge[end];
          if (seen.has(other)) return;
          seen.add(other);
          next.push(other);
          if (!steps.has(other) || step < Math.abs(steps.get(other))) steps.set(other, sign * step);
        }));
        level = next;
      }
    };
    if (way !== "needed") walk(needs, "target", 1);
    if (way !== "needs") walk(neededBy, "source", -1);
    return steps;
  };

  /* The steps from each entry to a goal, over what needs it. */
  const distances = (goal, time) => {
    const steps = new Map([[goal, 0]]);
    const queue = [goal];
    for (let at = 0; at < queue.length; at += 1) {
      neededBy(queue[at], time).forEach(({ source }) => {
        if (steps.has(source)) return;
        steps.set(source, steps.get(queue[at]) + 1);
        queue.push(source);
      });
    }
    return steps;
  };

  const byName = (one, other) => (nodes[one].id < nodes[other].id ? -1 : 1);

  /* Each shortest way from one entry to another, as lists of entries in the order of their names. */
  const shortest = (start, goal, time) => {
    const steps = distances(goal, time);
    if (start === goal || !steps.has(start)) return [];
    const found = [];
    const walk = (way) => {
      const last = way[way.length - 1];
      if (found.length >= MOST_PATHS) return;
      if (last === goal) {
        found.push(way);
        return;
      }
      const left = steps.get(last) - 1;
      const next = new Set(needs(last, time).map((edge) => edge.target));
      [...next].filter((number) => steps.get(number) === left).sort(byName)
        .forEach((number) => walk([...way, number]));
    };
    walk([start]);
    return found;
  };

  /* The edges of a way; of a lane all hops up to the one that the way takes. */
  const withHops = (way, time) => {
    const full = [];
    way.slice(1).forEach((target, at) => {
      const from = needs(way[at], time);
      const edge = from.find((one) => one.target === target);
      if (edge.item > 0) {
        full.push(...from.filter((one) => one.item >= 0 && one.item < edge.item).sort((a, b) => a.item - b.item));
      }
      full.push(edge);
    });
    return full;
  };

  const isWithin = (short, long) => {
    let at = 0;
    long.forEach((edge) => { if (at < short.length && short[at].target === edge.target) at += 1; });
    return at === short.length;
  };

  /* Each shortest path by which one entry needs another, as `regcheck why` tells them. */
  const why = (start, goal, time) => {
    const paths = new Map();
    shortest(start, goal, time).forEach((way) => {
      const path = withHops(way, time);
      paths.set(path.map((edge) => edge.target).join(), path);
    });
    const all = [...paths.values()];
    return all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)));
  };

  /* What of all that an entry needs has an open place, so that it may need more than is known. */
  const open = (start, time) => {
    const reached = around(start, time, Infinity, "needs", () => true);
    return data.lists[data.open[time]].filter((number) => reached.has(number));
  };

  /* Everything that needs a machine, production or not, by shortest ways: down, or degraded where only a lane
     leads there. A redundant workload that is spared does not need it. */
  const isLane = data.kinds.map(([kind]) => kind === "lane");
  const needing = (machine, time, spared) => {
    const reach = (passes) => {
      const ways = new Map([[machine, [machine]]]);
      ways.forEach((way, number) => { // what is added meanwhile gets its turn
        if (!passes(number)) return;
        neededBy(number, time).forEach(({ source }) => {
          if (!ways.has(source) && !(number === machine && spared.has(source))) ways.set(source, [source, ...way]);
        });
      });
      return ways;
    };
    const down = reach((number) => !isLane[nodes[number].kind]);
    const all = reach(() => true);
    all.delete(machine);
    return [...all].map(([node, way]) => (down.has(node)
      ? { node, effect: "down", way: down.get(node) } : { node, effect: "degraded", way })).sort((a, b) => a.node - b.node);
  };

  /* What the outage of a machine does: to production as `regcheck simulate` tells it, and to the others. */
  const outage = (machine, time) => {
    const known = data.outages[machine];
    const spared = data.lists[known.spared[time]];
    const isOther = ({ node }) => holds(nodes[node].real, time) && !holds(nodes[node].production, time);
    const hits = data.lists[known.hits[time]].map(([effect, ...way]) => ({
      node: way[0], effect: effect ? "degraded" : "down", way,
    }));
    return {
      hits,
      others: needing(machine, time, new Set(spared)).filter(isOther),
      spared,
      unknown: data.lists[known.unknown[time]],
      safe: known.safe < data.states.length ? known.safe : null,
      always: known.hits.every((hits) => data.lists[hits].length),
    };
  };

  /* The entries whose name or id has a text: those first that begin with it, then those of which a word
     does; among equals what people look for first. */
  const FIRST = ["workload", "machine", "service"];
  const standing = data.kinds.map(([kind]) => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length));
  const kinds = data.kinds.map((_, kind) => kind).sort((a, b) => standing[a] - standing[b] || a - b);
  const search = (text) => {
    const sought = text.trim().toLowerCase();
    if (!sought) return [];
    const rank = (said) => {
      const at = said.indexOf(sought);
      if (at <= 0) return at < 0 ? 4 : Number(said !== sought);
      return /[^\p{L}\p{N}]/u.test(said[at - 1]) ? 2 : 3;
    };
    return nodes
      .map((node) => {
        const id = node.id.toLowerCase();
        const name = id.slice(id.indexOf(":") + 1);
        return [Math.min(rank(node.label.toLowerCase()), rank(name), id.includes(sought) ? 3 : 4), standing[node.kind], node];
      })
      .filter(([found]) => found < 4)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2].number - b[2].number)
      .map(([, , node]) => node);
  };

  /* The level of each entry on some paths: one more than that of the last one that needs it. */
  const levels = (start, paths) => {
    const found = new Map([[start, 0]]);
    const steps = paths.flat();
    steps.forEach(() => steps.forEach(({ source, target }) => { // often enough, and no oftener where hops lead round
      if (target !== start && !(found.get(target) > found.get(source))) found.set(target, found.get(source) + 1);
    }));
    return found;
  };

  /* The entries of each level in an order in which few lines cross: each near the middle of its neighbours. */
  const SWEEPS = 6;
  const ordered = (level) => {
    if (new Set(level.values()).size === 1) return [[...level.keys()]];
    const columns = new Map([...new Set(level.values())].sort((a, b) => a - b).map((at) => [at, []]));
    [...level.keys()].sort((a, b) => nodes[a].y - nodes[b].y || a - b).forEach((number) => columns.get(level.get(number)).push(number));
    const near = new Map([...level.keys()].map((number) => [number, [
      ...out[number].map((edge) => edge.target), ...into[number].map((edge) => edge.source),
    ].filter((other) => level.has(other) && level.get(other) !== level.get(number))]));
    const height = new Map();
    const note = (column) => column.forEach((number, at) => height.set(number, (at + 0.5) / column.length));
    const middle = (number) => near.get(number).reduce((sum, other) => sum + height.get(other), 0) / near.get(number).length;
    const found = [...columns.values()];
    found.forEach(note);
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
      (sweep % 2 ? [...found].reverse() : found).forEach((column) => {
        const wanted = new Map(column.map((number) => [number, near.get(number).length ? middle(number) : height.get(number)]));
        column.sort((a, b) => wanted.get(a) - wanted.get(b));
        note(column);
      });
    }
    return found;
  };

  /* How levels fill a canvas largest, a long one broken into several: entries side by side, and the scale. */
  const LARGER = 1.4; // how much larger than written anything is drawn at most
  const WORTH = 1.3; // how much larger it has to get for a level to be broken
  const filling = (sizes, along, across, [pitch, beside]) => {
    const scale = (most) => Math.min(
      LARGER, along / (sizes.reduce((sum, size) => sum + Math.ceil(size / most), 0) * pitch), across / (most * beside),
    );
    const longest = Math.max(...sizes);
    let most = longest;
    for (let fewer = most - 1; fewer; fewer -= 1) if (scale(fewer) > scale(most)) most = fewer;
    if (scale(most) < WORTH * scale(longest)) most = longest;
    return { most, scale: scale(most) };
  };

  /* Places for a few entries with given levels: these from left to right, on a narrow canvas from top to bottom. */
  const [WIDTH, HEIGHT] = data.box;
  const RIGHTWARD = [WIDTH + 84, HEIGHT + 22]; // from one level to the next, and from an entry to that beside it
  const DOWNWARD = [HEIGHT + 30, WIDTH + 20];
  const NARROW = 0.75; // the scale below which it is tried from top to bottom
  const MOST_APART = 2.2; // how much further apart they are from top to bottom where there is room
  const arrange = (level, wide, high) => {
    const columns = ordered(level);
    const sizes = columns.map((column) => column.length);
    const [right, down] = [filling(sizes, wide, high, RIGHTWARD), filling(sizes, high, wide, DOWNWARD)];
    const turned = right.scale < NARROW && down.scale > right.scale;
    const { most, scale } = turned ? down : right;
    const [pitch, beside] = turned ? DOWNWARD : RIGHTWARD;
    const rows = turned ? sizes.reduce((sum, size) => sum + Math.ceil(size / most), 0) : most;
    const stretch = Math.max(1, Math.min(MOST_APART, high / (rows * (turned ? pitch : beside) * scale)));
    const found = new Map();
    let part = 0;
    columns.forEach((column) => {
      const folds = Math.ceil(column.length / most);
      const each = Math.ceil(column.length / folds);
      column.forEach((number, at) => {
        const count = Math.min(each, column.length - Math.floor(at / each) * each);
        const [along, across] = [(part + Math.floor(at / each)) * pitch, ((at % each) - (count - 1) / 2) * beside];
        found.set(number, turned ? { x: across, y: along * stretch } : { x: along, y: across * stretch });
      });
      part += folds;
    });
    return found;
  };

  return {
    data, nodes, edges, byId, larger: LARGER, holds, needs, neededBy, around, why, open, outage, kinds, search, levels, arrange,
    isThere: (number, time) => holds(nodes[number].there, time),
    isProduction: (number, time) => holds(nodes[number].production, time),
    isReal: (number, time) => holds(nodes[number].real, time),
    /* Times and words in turn: the last words that hold. */
    noteOf: ({ notes }, time) => notes.reduce((said, one, at) => (at % 2 && notes[at - 1] <= time ? one : said), ""),
  };
};
