export type System = "windows" | "macos" | "ios" | "android" | "linux";

/** Which steps a visitor most likely needs; null: no idea. */
export function guessSystem(agent: string, touchPoints: number): System | null {
  if (/Android/.test(agent)) return "android";
  if (/iPhone|iPad|iPod/.test(agent)) return "ios";
  if (/Windows/.test(agent)) return "windows";
  // An iPad says that it is a Mac; no Mac has a touch screen.
  if (/Macintosh|Mac OS X/.test(agent)) return touchPoints > 1 ? "ios" : "macos";
  if (/Linux|X11/.test(agent) && !/CrOS/.test(agent)) return "linux";
  return null;
}
