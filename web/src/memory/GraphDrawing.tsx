import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../language/t";
import type { Edge, Entity } from "../types";
import { narrow } from "../ui/media";
import { draw, HEIGHT, type Placed, towards } from "./layout";
import { kindName } from "./names";

/** Words on so few lines do not cover one another. */
const FEW = 12;

interface DrawingProps {
  nodes: Entity[];
  edges: Edge[];
  chosen: string | null;
  onChoose: (node: Entity) => void;
}

/** Each node is a button; one of them is reached by Tab, the others by the arrow keys. */
export function GraphDrawing({ nodes, edges, chosen, onChoose }: DrawingProps) {
  const drawing = useMemo(() => draw(nodes, edges, narrow.value), [nodes, edges, narrow.value]);
  const places = new Map(drawing.nodes.map((one) => [one.node.id, one]));
  const [current, setCurrent] = useState<string | null>(null);
  const reached = places.has(current ?? "") ? current : (drawing.nodes[0]?.node.id ?? null);
  const beside = new Set(
    edges.flatMap(({ source, target }) =>
      source === chosen ? [target] : target === chosen ? [source] : [],
    ),
  );
  const box = useRef<HTMLDivElement>(null);
  // Where the chosen one stands, or else the most connected.
  useLayoutEffect(() => {
    const middle = places.get(chosen ?? "") ?? drawing.nodes[0];
    const { clientWidth = 0, clientHeight = 0 } = box.current ?? {};
    if (middle) box.current?.scrollTo(middle.x - clientWidth / 2, middle.y - clientHeight / 2);
  }, [drawing]);
  // The facts beside it take room from the drawing.
  useLayoutEffect(() => {
    const found = chosen && document.getElementById(`node-${chosen}`);
    if (found) found.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [chosen]);

  const onKeyDown = (event: KeyboardEvent, from: Placed) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onChoose(from.node);
    }
    if (!/^Arrow(Left|Right|Up|Down)$/.test(event.key)) return;
    event.preventDefault();
    const to = towards(drawing.nodes, from, event.key as Parameters<typeof towards>[2]);
    const found = to && document.getElementById(`node-${to.node.id}`);
    found?.focus();
    found?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  return (
    <div class="drawing" ref={box} tabIndex={0} role="region" aria-label={t("Graph")}>
      <svg
        width={drawing.width}
        height={drawing.height}
        role="group"
        aria-label={t("What your facts connect")}
      >
        {joined(edges).map(({ ids, label }) => {
          const [from, to] = [places.get(ids[0]!), places.get(ids[1]!)];
          if (!from || !to) return null;
          const near = chosen !== null && ids.includes(chosen);
          return (
            <g key={ids.join()} class={near ? "near" : ""} aria-hidden="true">
              <line x1={from.x} y1={from.y} x2={to.x} y2={to.y} />
              {(near || edges.length <= FEW) && (
                <text x={(from.x + to.x) / 2} y={(from.y + to.y) / 2}>
                  {label}
                </text>
              )}
            </g>
          );
        })}
        {drawing.nodes.map((placed) => {
          const { node, label, x, y, width } = placed;
          return (
            <g
              key={node.id}
              id={`node-${node.id}`}
              class={`node ${node.kind} ${beside.has(node.id) ? "near" : ""}`}
              role="button"
              tabIndex={node.id === reached ? 0 : -1}
              aria-pressed={node.id === chosen}
              aria-label={spoken(node, edges, places)}
              onFocus={() => setCurrent(node.id)}
              onClick={() => onChoose(node)}
              onKeyDown={(event) => onKeyDown(event, placed)}
            >
              <title>{node.name}</title>
              <rect
                x={x - width / 2}
                y={y - HEIGHT / 2}
                width={width}
                height={HEIGHT}
                rx={HEIGHT / 2}
              />
              <text x={x} y={y}>
                {label}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** One line for all that two have in common. */
function joined(edges: Edge[]): { ids: string[]; label: string }[] {
  const lines = new Map<string, { ids: string[]; labels: Set<string> }>();
  for (const { source, target, label } of edges) {
    const ids = [source, target].sort();
    const line = lines.get(ids.join()) ?? { ids, labels: new Set() };
    lines.set(ids.join(), line);
    line.labels.add(t(label));
  }
  return [...lines.values()].map(({ ids, labels }) => ({ ids, label: [...labels].join(", ") }));
}

/** "Bern, place. You: lives in", for who does not see the lines. */
function spoken({ id, kind, name }: Entity, edges: Edge[], places: Map<string, Placed>): string {
  const said = edges
    .filter((one) => one.source === id || one.target === id)
    .map(({ source, target, label }) => {
      const other = places.get(source === id ? target : source)?.node.name ?? "";
      return source === id ? `${t(label)} ${other}` : `${other}: ${t(label)}`;
    });
  const who = kind === "me" ? name : t("{name}, {kind}", { name, kind: kindName(kind) });
  return `${who}. ${said.slice(0, 5).join("; ")}`;
}
