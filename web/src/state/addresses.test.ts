import { expect, test } from "vitest";
import { pageName, passageAddress, placeIn, placeName } from "./addresses";

test("the address of a passage is read back as its place", () => {
  const address = passageAddress({ document_id: "d", start: 10, end: 27 });
  expect(address).toBe("/library/d?at=10-27");
  expect(placeIn("?at=10-27")).toEqual({ start: 10, end: 27 });
});

test.each(["", "?at=", "?at=5", "?at=9-3", "?at=-1-3", "?at=1-2x", "?at=<b>"])(
  "%j is no place",
  (search) => {
    expect(placeIn(search)).toBeNull();
  },
);

test("slides, sheets and chapters are called so", () => {
  expect(pageName("a.PDF", 3)).toBe("page 3");
  expect(pageName("a.pptx", 3)).toBe("slide 3");
  expect(pageName("no ending", 1)).toBe("page 1");
  expect(placeName({ document_name: "prices.csv", page: null })).toBe("prices.csv");
});
