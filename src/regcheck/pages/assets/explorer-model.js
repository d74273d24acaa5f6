/* What the explorer knows: lookups in the fleet's data, and nothing that touches the page. */

"use strict";

window.regcheckModel = (data) => {
  const MOST_PATHS = 200;
  const nodes = data.nodes.map(([id, kind, label, note, href, x, y, there, production], number) => ({
    number, id, kind, label, note, href, x, y, there, production,
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

  /* How many steps away the entries around one are, as far as `shown` edges lead. */
  const around = (start, time, depth, way, shown) => {
    const steps = new Map([[start, 0]]);
    const walk = (edgesOf, end) => {
      let level = [start];
      const seen = new Set(level);
      for (let step = 1; step <= depth && level.length; step += 1) {
        const next = [];
        level.forEach((number) => edgesOf(number, time).filter(shown).forEach((edge) => {
          const other = edge[end];
          if (seen.has(other)) return;
          seen.add(other);
          next.push(other);
          if (!steps.has(other) || step < steps.get(other)) steps.set(other, step);
        }));
        level = next;
      }
    };
    if (way !== "needed") walk(needs, "target");
    if (way !== "needs") walk(neededBy, "source");
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

  /* What the outage of a machine does, as `regcheck simulate` tells it. */
  const outage = (machine, time) => {
    const known = data.outages[machine];
    const hits = data.lists[known.hits[time]].map(([effect, ...way]) => ({
      node: way[0], effect: effect ? "degraded" : "down", way,
    }));
    return {
      hits,
      spared: data.lists[known.spared[time]],
      unknown: data.lists[known.unknown[time]],
      safe: Math.max(known.safe, time) < data.states.length ? Math.max(known.safe, time) : null,
    };
  };

  /* The entries whose name or id has a text, those that begin with it first. */
  const search = (text, most) => {
    const sought = text.trim().toLowerCase();
    if (!sought) return [];
    const ranked = [];
    nodes.forEach((node) => {
      const [label, id] = [node.label.toLowerCase(), node.id.toLowerCase()];
      const name = id.slice(id.indexOf(":") + 1);
      const rank = label === sought || name === sought || id === sought ? 0
        : label.startsWith(sought) || name.startsWith(sought) || id.startsWith(sought) ? 1
          : label.includes(sought) || id.includes(sought) ? 2 : 3;
      if (rank < 3) ranked.push([rank, node]);
    });
    ranked.sort((a, b) => a[0] - b[0] || a[1].number - b[1].number);
    return ranked.slice(0, most).map(([, node]) => node);
  };

  return {
    data, nodes, edges, byId, holds, needs, neededBy, around, why, outage, search,
    isThere: (number, time) => holds(nodes[number].there, time),
    isProduction: (number, time) => holds(nodes[number].production, time),
  };
};
