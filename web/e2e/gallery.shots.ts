// Every page and state as a picture: make gallery
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Chat, test } from "./fixtures";
import { signedIn, signedOut, walk } from "./states";

const folder = process.env.GALLERY ?? resolve(import.meta.dirname, "../../docs/gallery/states");
const LOOKS = [
  [1280, 800, "light"],
  [1280, 800, "dark"],
  [390, 844, "light"],
  [390, 844, "dark"],
] as const;

test("the gallery", async ({ page, appliance }) => {
  test.setTimeout(600_000);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const chat = new Chat(page, appliance);
  const lines = ["# Every page and state", "", "Made by `make gallery`.", ""];
  await walk(chat, [...signedOut, ...signedIn], async (state) => {
    lines.push(`## ${state.title}`, "");
    for (const [width, height, colorScheme] of LOOKS) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await state.again?.(chat);
      await page.waitForTimeout(150); // until the other colours are painted
      const name = `${state.name}-${width}-${colorScheme}.jpg`;
      await page.screenshot({ path: join(folder, name), type: "jpeg", quality: 70 });
      lines.push(`![${state.title}, ${width} wide, ${colorScheme}](${name})`);
    }
    lines.push("");
  });
  writeFileSync(join(folder, "README.md"), lines.join("\n"));
});
