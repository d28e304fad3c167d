// What the server calls things of the graph, in the language of the page.
import { msg, t } from "../language/t";
import type { Entity } from "../types";

const kinds = {
  person: msg("person"),
  organisation: msg("organisation"),
  place: msg("place"),
  tool: msg("tool"),
  project: msg("project"),
  thing: msg("thing"),
};

/** Of which there is a sign between two; what people are to each other is said in their own words. */
export const connections = [
  msg("works at"),
  msg("lives in"),
  msg("comes from"),
  msg("is in"),
  msg("is part of"),
  msg("uses"),
  msg("works on"),
];

export const kindName = (kind: Entity["kind"]) => (kind === "me" ? "" : t(kinds[kind]));

export const nameOf = ({ kind, name }: Pick<Entity, "kind" | "name">) =>
  kind === "me" ? t("You") : name;
