/** Rust: the package of a workspace that is a server, and the program in it. */
import type { Source } from "./open.ts";

export interface CargoProgram {
  /** Directory of the package, `.` for the root's. */
  directory: string;
  /** Of the package's own manifest. */
  manifest: string;
  package: string;
  /** What `--bin` takes. */
  bin: string;
  framework: string | undefined;
}

const FRAMEWORKS = [
  "axum",
  "actix-web",
  "rocket",
  "warp",
  "poem",
  "salvo",
  "tonic",
  "ntex",
  "rouille",
  "tide",
  "hyper",
  "tiny_http",
];

/** undefined: no package here makes a program. */
export function cargoProgram(source: Source): CargoProgram | undefined {
  const root = source.read("Cargo.toml");
  if (root === undefined) return undefined;
  const programs = [".", ...members(source, root)].flatMap((directory) => programOf(source, directory) ?? []);
  const hint = (name: string): number =>
    /(?:^|[-_])(?:server|api|web|http|app|backend|main|service|bin)$/.test(name) ? 1 : 0;
  const score = ({ framework, bin, directory }: CargoProgram): number =>
    (framework ? 4 : 0) +
    hint(bin) +
    (directory === "." ? 2 : 0) -
    (/test|bench|example|cli$|client|xtask|migration/.test(bin) ? 3 : 0);
  return programs.sort((a, b) => score(b) - score(a))[0];
}

/** From its head to the next one: values may be lists, whose brackets are no heads. */
function section(manifest: string, head: string): string {
  return manifest.split(/^(?=\[)/m).find((part) => part.startsWith(head)) ?? "";
}

function members(source: Source, root: string): string[] {
  const list = /^\[workspace\]\s*$[\s\S]*?^members\s*=\s*\[([^\]]*)\]/m.exec(root)?.[1] ?? "";
  const globs = [...list.matchAll(/["']([^"']+)["']/g)].map(
    ([, glob]) => `${(glob as string).replace(/^\.\/|\/$/g, "")}/Cargo.toml`,
  );
  return globs.length === 0 ? [] : source.glob(globs).map((path) => path.slice(0, -"/Cargo.toml".length));
}

function programOf(source: Source, directory: string): CargoProgram | undefined {
  const at = (path: string): string => (directory === "." ? path : `${directory}/${path}`);
  const manifest = source.read(at("Cargo.toml")) ?? "";
  const name = /^name\s*=\s*["']([^"']+)["']/m.exec(section(manifest, "[package]"))?.[1];
  if (name === undefined) return undefined;
  const named = manifest
    .split(/^(?=\[)/m)
    .filter((part) => part.startsWith("[[bin]]"))
    .flatMap((part) => /^name\s*=\s*["']([^"']+)["']/m.exec(part)?.[1] ?? []);
  const main = source.isFile(at("src/main.rs")) && !/^\s*path\s*=\s*"src\/main\.rs"/m.test(manifest) ? [name] : [];
  const files = [...source.glob(at("src/bin/*.rs")), ...source.glob(at("src/bin/*/main.rs"))].map((path) =>
    path.slice(at("src/bin/").length).replace(/\/main\.rs$|\.rs$/, ""),
  );
  const bins = [...new Set([...named, ...main, ...files])];
  const chosen =
    /^default-run\s*=\s*"([^"]+)"/m.exec(manifest)?.[1] ??
    bins.find((bin) => bin === name) ??
    bins.find((bin) => /server|api|web|http/.test(bin)) ??
    bins[0];
  if (chosen === undefined) return undefined;
  const framework = FRAMEWORKS.find((one) =>
    new RegExp(`^(?:${one}\\s*[=.]|\\[dependencies\\.${one}\\])`, "m").test(manifest),
  );
  return { directory, manifest, package: name, bin: chosen, framework };
}
