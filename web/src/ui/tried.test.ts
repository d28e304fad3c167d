import { beforeEach, expect, test } from "vitest";
import { ApiError, Unreachable } from "../api";
import { toasts } from "./toasts";
import { tried } from "./tried";

const refused = (code: string, status: number) =>
  new ApiError({ type: "about:blank", title: "", detail: "It is full.", code, status }, null);
const failing = (error: Error) => () => Promise.reject(error);

beforeEach(() => void (toasts.value = []));

test("a refusal is told, and trying again asks again", async () => {
  let asked = 0;
  await tried(() => (++asked === 1 ? Promise.reject(refused("full", 507)) : Promise.resolve()));
  expect(toasts.value.map(({ text, failed }) => [text, failed])).toEqual([["It is full.", true]]);
  await toasts.value[0]!.action!.run();
  expect(asked).toBe(2);
});

test("that the server is away is not told by everything that asks it", async () => {
  await tried(failing(new Unreachable()));
  expect(toasts.value).toEqual([]);
});

test("who has to sign in again is asked to, and nothing more is said", async () => {
  await tried(failing(refused("not_signed_in", 401)));
  expect(toasts.value).toEqual([]);
});
