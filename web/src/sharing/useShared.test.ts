import { expect, test } from "vitest";
import type { Message } from "../types";
import { joined } from "./useShared";

const messages = (...ids: string[]) => ids.map((id) => ({ id })) as Message[];
const ids = (found: { messages: Message[] }) => found.messages.map((one) => one.id).join("");

test("the newest page is all there is at first", () => {
  const found = joined({ messages: [], next: null }, messages("c", "d"), "c");
  expect([ids(found), found.next]).toEqual(["cd", "c"]);
});

test("older ones that were read stay above the newest page", () => {
  const found = joined({ messages: messages("a", "b", "c"), next: null }, messages("c", "d"), "c");
  expect([ids(found), found.next]).toEqual(["abcd", null]);
});

test("where they do not touch, the newest page stands alone", () => {
  const found = joined({ messages: messages("a", "b"), next: null }, messages("x", "y"), "x");
  expect([ids(found), found.next]).toEqual(["xy", "x"]);
});

test("a branch that ends earlier leaves nothing of the other", () => {
  const found = joined({ messages: messages("a", "b", "c"), next: null }, messages("a"), null);
  expect([ids(found), found.next]).toEqual(["a", null]);
});
