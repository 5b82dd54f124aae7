/** Keeps `__dirname`, `import.meta.url` and their kin true in a bundle: the file goes on lying where it lay. */
import type { PlaceReference } from "./analysis.ts";

export interface PlaceContext {
  /** Relative to the root, with `/`. */
  file: string;
  /** Folder of the bundle, relative to the root, `""` for the root itself. */
  outDir: string;
  format: "esm" | "cjs";
  /** This file is the one that node starts. */
  isEntry: boolean;
}

/** The references that the bundle would answer wrongly, given where it lies. */
export function wrongPlaces(places: readonly PlaceReference[], context: PlaceContext): PlaceReference[] {
  const slash = context.file.lastIndexOf("/");
  const sameDir = (slash < 0 ? "" : context.file.slice(0, slash)) === context.outDir;
  const dirname = !sameDir || context.format !== "cjs";
  const metaDirname = !sameDir || context.format !== "esm";
  const wrong: Record<PlaceReference["what"], boolean> = {
    dirname,
    "meta-dirname": metaDirname,
    filename: !context.isEntry || context.format !== "cjs",
    "meta-filename": !context.isEntry || context.format !== "esm",
    "meta-url": !context.isEntry || context.format !== "esm",
    "meta-main": !context.isEntry,
    "module-parent": !context.isEntry,
    // Inside the wrapper that a bundle puts around a CommonJS file `module` is not the main module: right as it is.
    "main-check": false,
  };
  return places.filter(({ what }) => wrong[what]);
}

export function rewritePlaces(text: string, places: readonly PlaceReference[], context: PlaceContext): string {
  const slash = context.file.lastIndexOf("/");
  const dir = slash < 0 ? "" : `/${context.file.slice(0, slash)}`;
  let out = "";
  let at = 0;
  for (const place of [...places].sort((a, b) => a.start - b.start)) {
    const original = text.slice(place.start, place.end);
    out += text.slice(at, place.start) + (place.shorthand ? `${original}: ` : "") + replacement(place.what);
    at = place.end;
  }
  return out + text.slice(at);

  function replacement(what: PlaceReference["what"]): string {
    switch (what) {
      case "dirname":
      case "meta-dirname":
        return dir === "" ? "__kn_root" : `(__kn_root + ${JSON.stringify(dir)})`;
      case "filename":
      case "meta-filename":
        return `(__kn_root + ${JSON.stringify(`/${context.file}`)})`;
      case "meta-url":
        return `__kn_url(${JSON.stringify(`/${context.file}`)})`;
      case "module-parent":
        return "require.main";
      case "meta-main":
      case "main-check":
        return "false";
    }
  }
}
