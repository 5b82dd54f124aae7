/**
 * Paths inside a root directory that hold whatever an image says: symbolic links in it are resolved as the container would
 * see them (an absolute target starts at the root, `..` stops at it), so nothing is ever read or written outside.
 */
import { lstatSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { KnbuildError } from "../base/errors.ts";

const MOST_LINKS = 40;

/** Components of a path in a tar entry or an image's configuration. @throws LAYER_INVALID for `..` and NUL */
export function pathComponents(path: string, where?: string): string[] {
  const components = path.split("/").filter((part) => part !== "" && part !== ".");
  if (components.includes("..") || path.includes("\0")) {
    throw new KnbuildError({
      code: "LAYER_INVALID",
      message: `a path leaves the image: ${JSON.stringify(path)}`,
      where,
    });
  }
  return components;
}

/**
 * The real path below `root` of `components`, following links in all of them (`followLast`: in the last too). Components
 * that do not exist are kept as they are.
 * @throws LAYER_INVALID when links run in a circle
 */
export function resolveInRoot(root: string, components: readonly string[], followLast = true): string {
  const todo = [...components];
  let here: string[] = [];
  let links = 0;
  while (todo.length > 0) {
    const part = todo.shift() as string;
    if (part === "" || part === ".") continue;
    if (part === "..") {
      here.pop();
      continue;
    }
    const last = todo.length === 0;
    const target = last && !followLast ? undefined : linkTarget(join(root, ...here, part));
    if (target === undefined) {
      here.push(part);
      continue;
    }
    if (++links > MOST_LINKS) {
      throw new KnbuildError({ code: "LAYER_INVALID", message: `links run in a circle at /${components.join("/")}` });
    }
    if (target.startsWith("/")) here = [];
    todo.unshift(...target.split("/"));
  }
  return join(root, ...here);
}

function linkTarget(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isSymbolicLink() ? readlinkSync(path) : undefined;
}
