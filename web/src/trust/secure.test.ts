import { describe, expect, test } from "vitest";
import { canTest, secureAddress } from "./secure";

const offered = "https://gantry.local:8485/";
const twin = (page: string) => secureAddress(offered, new URL(page));

describe("the encrypted twin", () => {
  test("keeps the host the visitor reached", () => {
    expect(twin("http://192.168.1.20:8484/trust")).toBe("https://192.168.1.20:8485/");
    expect(twin("http://[fd00::2]:8484/trust")).toBe("https://[fd00::2]:8485/");
  });

  test("is the offered one for a page on the machine itself", () => {
    expect(twin("http://127.0.0.1:8484/trust")).toBe(offered);
  });

  test.each([
    ["http://192.168.1.20:8484/trust", true],
    ["http://gantry.local:8484/trust", true],
    ["http://[fd00::2]:8484/trust", false],
    ["http://localhost:8484/trust", false],
    ["https://gantry.local:8485/trust", false],
  ])("can be asked from %s: %s", (page, asked) =>
    expect(canTest(twin(page), new URL(page))).toBe(asked),
  );
});
