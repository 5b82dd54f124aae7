/** Nuxt's own commands, which listen elsewhere since its third version. */
import type { Listener } from "../facts.ts";

/** `"nuxt": "^2.15.8"`, `"nuxt3": "latest"` */
const VERSION = /"nuxt(3?)(?:-edge)?"\s*:\s*"[^"\d]*(\d*)/;

/** Before that `nuxt start` took localhost; now it runs what was built, which takes all interfaces. */
export function heedNuxt(listeners: readonly Listener[], texts: ReadonlyMap<string, string>): void {
  for (const l of listeners) {
    if (l.framework !== "nuxt" || /\b(?:nuxt|nuxi) dev\b/.test(l.evidence.join("\n"))) continue;
    const folder = l.place.file.slice(0, l.place.file.lastIndexOf("/") + 1);
    const text = texts.get(`${folder}package.json`) ?? texts.get("package.json") ?? "";
    const [, three = "", version = ""] = VERSION.exec(text) ?? [];
    if (three !== "" || Number(version || 3) >= 3) l.defaults = { ...l.defaults, host: "all" };
  }
}
