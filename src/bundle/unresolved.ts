/** Why an import finds nothing, where that is better known than "not found". */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { packageNameOf } from "./package-scope.ts";

/** @param error one of esbuild's, its file relative to `root` */
export function explainUnresolved(
  error: { text: string; location: { file: string } | null },
  root: string,
): string | undefined {
  const unread = /^Cannot read file: (.+)$/.exec(error.text)?.[1];
  if (unread) return caseHint(unread);
  const wanted = /^Could not resolve "([^"]+)"/.exec(error.text)?.[1];
  if (!wanted || !error.location) return undefined;
  const from = resolve(root, dirname(error.location.file));
  if (/^\.{1,2}\//.test(wanted)) return caseHint(resolve(from, wanted));
  const name = packageNameOf(wanted);
  return name === undefined ? undefined : unbuiltHint(name, from, root);
}

/** Only the case of a letter is wrong. */
export function caseHint(path: string): string | undefined {
  const dir = dirname(path);
  if (!existsSync(dir)) return undefined;
  const name = basename(path).toLowerCase();
  const near = readdirSync(dir).find(
    (other) => other.toLowerCase() === name || other.toLowerCase().replace(/\.[cm]?[jt]sx?$/, "") === name,
  );
  return near && basename(path) !== near
    ? `There is ${near}, which differs only in the case of its letters: that works on a Mac and fails in the image.`
    : undefined;
}

/** The package is there, none of the files that its package.json names is: a member of a workspace that nothing has built. */
function unbuiltHint(name: string, from: string, root: string): string | undefined {
  let directory = from;
  while (!existsSync(join(directory, "node_modules", name, "package.json"))) {
    if (directory === dirname(directory)) return undefined;
    directory = dirname(directory);
  }
  const folder = realpathSync(join(directory, "node_modules", name));
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
  const files = [manifest["main"], manifest["module"], ...strings(manifest["exports"])].filter(
    (file): file is string => typeof file === "string" && !file.includes("*") && !file.endsWith(".json"),
  );
  const [first] = files;
  if (first === undefined || files.some((file) => existsSync(join(folder, file)))) return undefined;
  return `${name} is there (${relative(root, folder)}), but not the ${first} that its package.json names: its build has to make that first. A \`build\` script of its own does, or \`build\` in knbuild.yaml.`;
}

/** All that conditions and paths of `exports` lead to. */
function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}
