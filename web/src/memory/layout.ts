// Places of a graph's nodes: the same for the same graph. Knows no network and no views.
import type { Edge, Entity } from "../types";

export interface Placed {
  node: Entity;
  label: string;
  /** Of its middle. */
  x: number;
  y: number;
  width: number;
}

export interface Drawing {
  nodes: Placed[];
  width: number;
  height: number;
}

export const HEIGHT = 30;
const LETTER = 7.4;
const LONGEST = 22;
const GAP = 12;
const MARGIN = 24;
const ROUNDS = 300;
const PUSH = 60_000;
/** Of a line that neither pulls nor pushes: a word fits beside it. */
const LENGTH = 110;
/** The golden angle: no two begin in one place. */
const TURN = 2.399963;

const shortened = (name: string) =>
  name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name;

/** `tall`: for a screen that is higher than wide. */
export function draw(nodes: Entity[], edges: Edge[], tall: boolean): Drawing {
  const placed = nodes.map((node, at): Placed => {
    const label = shortened(node.name);
    const far = 46 * Math.sqrt(at);
    return {
      ...{ node, label, width: Math.round(label.length * LETTER) + 24 },
      x: far * Math.cos(at * TURN),
      y: far * Math.sin(at * TURN),
    };
  });
  const known = new Map(placed.map((one) => [one.node.id, one]));
  const springs = edges.flatMap(({ source, target }) => {
    const pair = [known.get(source), known.get(target)] as const;
    return pair[0] && pair[1] && source !== target ? [pair as [Placed, Placed]] : [];
  });
  for (let round = 0; round < ROUNDS; round++) step(placed, springs, 1 - round / ROUNDS, tall);
  for (let round = 0; round < ROUNDS && spread(placed); round++);
  return framed(placed);
}

/** All push one another away, edges pull, and the middle pulls a little. */
function step(placed: Placed[], springs: [Placed, Placed][], heat: number, tall: boolean) {
  const moves = placed.map(() => ({ x: 0, y: 0 }));
  const at = new Map(placed.map((one, index) => [one, moves[index]!]));
  placed.forEach((one, i) => {
    const mine = moves[i]!;
    for (const other of placed.slice(i + 1)) {
      const [x, y] = [one.x - other.x, one.y - other.y];
      const push = PUSH / Math.max(20, Math.hypot(x, y)) ** 3;
      const theirs = at.get(other)!;
      mine.x += x * push;
      mine.y += y * push;
      theirs.x -= x * push;
      theirs.y -= y * push;
    }
    mine.x -= one.x * (tall ? 0.14 : 0.05);
    mine.y -= one.y * (tall ? 0.05 : 0.1);
  });
  for (const [one, other] of springs) {
    const [x, y] = [other.x - one.x, other.y - one.y];
    const pull = 0.1 * (1 - LENGTH / Math.max(1, Math.hypot(x, y)));
    at.get(one)!.x += x * pull;
    at.get(one)!.y += y * pull;
    at.get(other)!.x -= x * pull;
    at.get(other)!.y -= y * pull;
  }
  placed.forEach((one, i) => {
    const { x, y } = moves[i]!;
    const calm = Math.min(1, (30 * heat + 1) / Math.max(1, Math.hypot(x, y)));
    one.x += x * calm;
    one.y += y * calm;
  });
}

/** Moves apart what overlaps, the shorter way; whether anything did. */
function spread(placed: Placed[]): boolean {
  let moved = false;
  placed.forEach((one, i) => {
    for (const other of placed.slice(i + 1)) {
      const x = (one.width + other.width) / 2 + GAP - Math.abs(one.x - other.x);
      const y = HEIGHT + GAP - Math.abs(one.y - other.y);
      if (x <= 0 || y <= 0) continue;
      moved = true;
      const axis = x < y ? "x" : "y";
      const by = (Math.min(x, y) / 2 + 0.5) * (one[axis] < other[axis] ? -1 : 1);
      one[axis] += by;
      other[axis] -= by;
    }
  });
  return moved;
}

function framed(nodes: Placed[]): Drawing {
  if (!nodes.length) return { nodes, width: 0, height: 0 };
  const left = Math.min(...nodes.map((one) => one.x - one.width / 2)) - MARGIN;
  const top = Math.min(...nodes.map((one) => one.y)) - HEIGHT / 2 - MARGIN;
  for (const one of nodes) {
    one.x = Math.round(one.x - left);
    one.y = Math.round(one.y - top);
  }
  return {
    nodes,
    width: Math.max(...nodes.map((one) => one.x + one.width / 2)) + MARGIN,
    height: Math.max(...nodes.map((one) => one.y)) + HEIGHT / 2 + MARGIN,
  };
}

type Way = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

/** The nearest one that lies that way, sooner ahead than aside. */
export function towards(nodes: Placed[], from: Placed, way: Way): Placed | null {
  const level = way === "ArrowLeft" || way === "ArrowRight";
  const sign = way === "ArrowRight" || way === "ArrowDown" ? 1 : -1;
  let best: Placed | null = null;
  let least = Infinity;
  for (const one of nodes) {
    const [x, y] = [one.x - from.x, one.y - from.y];
    const ahead = sign * (level ? x : y);
    const aside = Math.abs(level ? y : x);
    const far = (ahead + 2 * aside) * (aside > ahead ? 4 : 1);
    if (ahead <= 0 || far >= least) continue;
    [best, least] = [one, far];
  }
  return best;
}

/** Those around one, the nearest first, as many as can be read. */
export function around(id: string, nodes: Entity[], edges: Edge[], most: number): Entity[] {
  const near = new Set([id]);
  for (const found of near) {
    for (const { source, target } of edges) {
      if (near.size >= most) break;
      if (source === found) near.add(target);
      if (target === found) near.add(source);
    }
  }
  const known = new Map(nodes.map((node) => [node.id, node]));
  return [...near].flatMap((one) => known.get(one) ?? []);
}
