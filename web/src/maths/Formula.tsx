import { useMemo } from "preact/hooks";
import type { FormulaProps } from "../markdown/inline";
import { msg, t } from "../language/t";
import { element } from "./elements";
import { typesetting } from "./queue";
import "./copy";
import "temml/dist/Temml-Local.css";
import "./maths.css";

/** Longer ones may be wider than the column. */
const LONG = 40;

export function Formula({ source, display, raw }: FormulaProps) {
  const result = useMemo(() => typesetting(source, display), [source, display]).value;
  const drawn = useMemo(() => (result && "tree" in result ? element(result.tree) : null), [result]);
  if (!drawn) {
    const fault =
      result && "fault" in result
        ? (result.fault ?? msg("This formula is too large to be drawn."))
        : null;
    return (
      <code
        class={`formula-source ${display ? "display" : ""}`}
        title={fault ? t(fault) : undefined}
      >
        {raw}
      </code>
    );
  }
  if (!display)
    return (
      <span class={`formula ${source.length > LONG ? "long" : ""}`} data-tex={raw}>
        {drawn}
      </span>
    );
  return (
    <span
      class="formula display"
      data-tex={raw}
      tabIndex={0}
      role="group"
      aria-label={t("Formula")}
    >
      {drawn}
    </span>
  );
}
