import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { facts } from "../language/formats";
import { plural, t } from "../language/t";
import { memoryApi } from "../memoryApi";
import { about, factsProblem, forgetLeaving, lookAt } from "../state/facts";
import type { Edge, Entity, Graph } from "../types";
import { Button } from "../ui/Button";
import { Choice } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { useAction } from "../ui/useAction";
import { FactRow } from "./FactRow";
import { GraphDrawing } from "./GraphDrawing";
import { around } from "./layout";
import { ListEnd } from "./ListEnd";
import { kindName, nameOf } from "./names";

/** More cannot be told apart. */
const MOST = 60;

/** Whom and what the facts connect. The list of facts says the same in words. */
export function GraphView() {
  const [graph, setGraph] = useState<Graph | null>(null);
  const [center, setCenter] = useState("");
  const [chosen, setChosen] = useState<Entity | null>(null);
  const loading = useAction(async () => {
    const found = await memoryApi.graph();
    setGraph({ ...found, nodes: found.nodes.map((one) => ({ ...one, name: nameOf(one) })) });
  });
  useEffect(() => {
    void loading.run();
    lookAt(null);
    return forgetLeaving;
  }, []);
  const shown = useMemo(() => {
    const { nodes = [], edges = [] } = graph ?? {};
    const some = center ? around(center, nodes, edges, MOST) : nodes.slice(0, MOST);
    const ids = new Set(some.map((one) => one.id));
    return {
      nodes: some,
      edges: edges.filter((one) => ids.has(one.source) && ids.has(one.target)),
    };
  }, [graph, center]);
  if (loading.error) {
    return (
      <Notice>
        {loading.error}
        <Button onClick={() => void loading.run()}>{t("Try again")}</Button>
      </Notice>
    );
  }
  if (!graph) return <p class="hint">{t("Reading…")}</p>;
  if (!graph.nodes.length) {
    return (
      <section class="plain">
        <h2>{t("Nothing is connected yet")}</h2>
        <p>
          {t(
            "Here you will see people, places, tools and projects as your facts connect them. What is only suggested is not drawn.",
          )}
        </p>
      </section>
    );
  }
  const hidden = graph.nodes.length + graph.left_out - shown.nodes.length;
  return (
    <section aria-labelledby="graph">
      <div class="column">
        <h2 id="graph">{t("What your facts connect")}</h2>
        {graph.nodes.length > 2 && (
          <Choice
            label={t("Show")}
            value={center}
            options={[
              [
                "",
                graph.nodes.length > MOST
                  ? t("The {n} most connected", { n: MOST })
                  : t("Everything"),
              ],
              ...graph.nodes.map(({ id, name }): [string, string] => [
                id,
                t("Around {name}", { name }),
              ]),
            ]}
            onChange={setCenter}
          />
        )}
        <p class="hint">
          {t("Choose one to read its facts; the arrow keys move between them.")}{" "}
          {hidden > 0 && plural(hidden, "{n} more is not drawn.", "{n} more are not drawn.")}
        </p>
      </div>
      <div class="beside">
        <GraphDrawing
          {...shown}
          chosen={chosen?.id ?? null}
          onChoose={(node) => {
            setChosen(node);
            lookAt(node.id);
          }}
        />
        {chosen && <Chosen entity={chosen} edges={graph.edges} />}
      </div>
    </section>
  );
}

function Chosen({ entity, edges }: { entity: Entity; edges: Edge[] }) {
  const { id, kind, name, aliases } = entity;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.scrollIntoView({ block: "nearest" }), [id]);
  const links = edges.filter((one) => one.source === id || one.target === id).length;
  const words = [kindName(kind), ...aliases.map((one) => t("also {names}", { names: one }))];
  return (
    <section aria-labelledby="chosen" aria-live="polite">
      <h2 id="chosen" ref={heading}>
        {name}
      </h2>
      <p class="hint">{facts([...words, plural(links, "{n} connection", "{n} connections")])}</p>
      {factsProblem.value && <Notice>{factsProblem.value}</Notice>}
      <ul class="rows">
        {about.items.value.map((one) => (
          <FactRow key={one.id} fact={one} />
        ))}
      </ul>
      <ListEnd list={about} what="facts" empty={!about.items.value.length} />
    </section>
  );
}
