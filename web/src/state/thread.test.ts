import { describe, expect, test } from "vitest";
import type { StreamEvent } from "../events";
import { applyEvent, expectedAnswer, runningAnswer, textOf, userMessage, withId } from "./thread";

const question = userMessage({
  id: "q",
  conversationId: "c",
  parentId: null,
  content: "Why?",
  siblings: ["q"],
});
const empty = expectedAnswer(question, [], "box/say");

const text = (id: number | null, value: string): StreamEvent => ({
  id,
  type: "delta",
  data: { text: value },
});

const log: StreamEvent[] = [
  { id: 1, type: "start", data: {} },
  { id: 3, type: "reasoning", data: { text: "Hm" } },
  { id: 6, type: "delta", data: { text: "Bec" } },
  { id: 10, type: "delta", data: { text: "ause" } },
  { id: 11, type: "notice", data: { code: "left_out", text: "2 older messages" } },
  { id: 13, type: "delta", data: { text: "." } },
];

describe("events of an answer", () => {
  test("build its parts, each text going on in the last of its kind", () => {
    expect(log.reduce(applyEvent, empty).parts).toEqual([
      { type: "reasoning", text: "Hm" },
      { type: "text", text: "Because" },
      { type: "notice", code: "left_out", text: "2 older messages" },
      { type: "text", text: "." },
    ]);
  });

  test("seen twice change nothing, wherever the stream is taken up again", () => {
    const whole = log.reduce(applyEvent, empty);
    for (let seen = 0; seen <= log.length; seen++) {
      for (let from = 0; from <= seen; from++) {
        const resumed = log
          .slice(from)
          .reduce(applyEvent, log.slice(0, seen).reduce(applyEvent, empty));
        expect(resumed).toEqual(whole);
      }
    }
  });

  test("move the position to resume from", () => {
    expect(log.reduce(applyEvent, empty).answer?.position).toBe(13);
    expect(applyEvent(empty, text(null, "x")).answer?.position).toBe(0);
  });

  test.each(["done", "stopped", "failed"])(
    "%s brings the finished answer and keeps the text",
    (type) => {
      const answer = { ...runningAnswer("a", "box/say"), status: type, completion_tokens: 3 };
      const ended = applyEvent(log.reduce(applyEvent, empty), { id: 14, type, data: answer });
      expect(ended.answer).toEqual(answer);
      expect(textOf(ended)).toBe("Because.");
    },
  );

  test("bring the sources before the words that cite them", () => {
    const items = [{ number: 1, id: "p", document_name: "a.pdf" }];
    const told = [
      { id: 1, type: "start", data: {} },
      { id: 2, type: "sources", data: { items } },
      text(6, "Yes [1]"),
    ].reduce(applyEvent, empty);
    expect(told.parts).toEqual([
      { type: "sources", items },
      { type: "text", text: "Yes [1]" },
    ]);
    expect(textOf(told)).toBe("Yes [1]");
  });

  test("of a kind not known yet are passed over", () => {
    expect(applyEvent(empty, { id: 2, type: "unheard_of", data: {} }).parts).toEqual([]);
  });

  test("never touch a message that is not an answer", () => {
    expect(applyEvent(question, text(1, "x"))).toBe(question);
  });
});

test("an expected answer takes the id the server gives it", () => {
  const named = withId(expectedAnswer(question, ["old"], "m"), "new", "c2");
  expect(named.id).toBe("new");
  expect(named.answer?.id).toBe("new");
  expect(named.siblings).toEqual(["old", "new"]);
  expect(named.conversation_id).toBe("c2");
});
