import { join } from "node:path";
import type { Page } from "@playwright/test";

export const folder = process.env.SHOTS ?? "e2e/results/shots";

const looks = [
  { name: "1280-light", size: { width: 1280, height: 800 }, scheme: "light" },
  { name: "1280-dark", size: { width: 1280, height: 800 }, scheme: "dark" },
  { name: "390-light", size: { width: 390, height: 844 }, scheme: "light" },
  { name: "390-dark", size: { width: 390, height: 844 }, scheme: "dark" },
] as const;

/** One state of the page, in every look. */
export async function shoot(
  page: Page,
  name: string,
  prepare: () => Promise<void> = async () => {},
) {
  for (const look of looks) {
    await page.setViewportSize(look.size);
    await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: "reduce" });
    // The new colours are on screen two frames later.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
    await prepare();
    await page.screenshot({ path: join(folder, `${name}-${look.name}.png`) });
  }
}
