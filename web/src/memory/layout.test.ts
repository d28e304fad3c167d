import { expect, test } from "vitest";
import type { Edge, Entity } from "../types";
import { around, draw, HEIGHT, towards } from "./layout";

const node = (id: string, name = id): Entity => ({ id, name, kind: "thing", aliases: [] });
const edge = (source: string, target: string): Edge => ({ fact_id: "", source, target, label: "" });

/** Sixty, of which each is known by one of the first ten. */
const nodes = Array.from({ length: 60 }, (_, at) => node(`n${at}`, `Some thing number ${at}`));
const edges = nodes.slice(1).map((one, at) => edge(`n${at % 10}`, one.id));

test.each([false, true])("sixty nodes stand apart (tall: %s)", (tall) => {
  const drawing = draw(nodes, edges, tall);
  const overlapping = drawing.nodes.flatMap((one, at) =>
    drawing.nodes.slice(at + 1).filter((other) => {
      const x = Math.abs(one.x - other.x) < (one.width + other.width) / 2;
      return x && Math.abs(one.y - other.y) < HEIGHT;
    }),
  );
  expect(overlapping).toEqual([]);
  expect(drawing.height > drawing.width).toBe(tall);
});

test("the same graph looks the same again", () => {
  expect(draw(nodes, edges, false)).toEqual(draw(nodes, edges, false));
});

test("the same place, a line to oneself and one to nobody do no harm", () => {
  const drawing = draw([node("a"), node("b")], [edge("a", "a"), edge("a", "gone")], false);
  expect(drawing.nodes.every(({ x, y }) => Number.isFinite(x + y))).toBe(true);
  expect(draw([], [], false)).toEqual({ nodes: [], width: 0, height: 0 });
});

test("an arrow key leads to the nearest one that way", () => {
  const at = (id: string, x: number, y: number) => ({ node: node(id), label: id, x, y, width: 50 });
  const all = [at("here", 0, 0), at("right", 90, 10), at("far", 300, 0), at("below", 20, 200)];
  const name = (way: Parameters<typeof towards>[2]) => towards(all, all[0]!, way)?.node.id ?? null;
  expect(name("ArrowRight")).toBe("right");
  expect(name("ArrowDown")).toBe("below");
  expect(name("ArrowLeft")).toBeNull();
});

test("around one are its neighbours, then theirs", () => {
  const all = ["a", "b", "c", "d"].map((id) => node(id));
  const lines = [edge("a", "b"), edge("b", "c"), edge("c", "d")];
  expect(around("c", all, lines, 3).map((one) => one.id)).toEqual(["c", "b", "d"]);
});
