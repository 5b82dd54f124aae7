/** Of several programs of a repository (`cmd/*` of Go, the binaries of Cargo) the one that the image starts. */

import { excluded } from "./go/build-tags.ts";

interface Main {
  name: string;
  /** Does a file belong to this program alone? */
  owns(path: string): boolean;
}

/** Files of the programs that the start command does not name; none where it names none of them. */
export function otherPrograms(texts: ReadonlyMap<string, string>, commands: readonly string[][]): ReadonlySet<string> {
  const started = new Set(commands.flat().map((w) => w.slice(w.lastIndexOf("/") + 1)));
  const out = new Set<string>();
  for (const mains of [mainsOfGo(texts), mainsOfRust(texts)]) {
    const others = mains.filter((m) => !started.has(m.name));
    if (mains.length < 2 || others.length === mains.length) continue;
    for (const path of texts.keys()) if (others.some((m) => m.owns(path))) out.add(path);
  }
  return out;
}

/** By their folders; the one at the root by the last word of the module. */
function mainsOfGo(texts: ReadonlyMap<string, string>): Main[] {
  const found = new Map<string, Main>();
  for (const [path, text] of texts) {
    if (!path.endsWith(".go") || path.endsWith("_test.go") || !/^package main\b/m.test(text)) continue;
    if (!/^func main\(\)/m.test(text) || excluded(text)) continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const root = /^module\s+\S*?([\w.-]+?)(?:\/v\d+)?\s*$/m.exec(texts.get("go.mod") ?? "")?.[1] ?? "";
    // What lies below a folder of `cmd` is its program's too.
    const whole = /(^|\/)cmd\/[^/]+$/.test(folder);
    const owns = (p: string): boolean =>
      p.endsWith(".go") &&
      p.startsWith(folder && `${folder}/`) &&
      (whole ||
        (!p.slice(folder ? folder.length + 1 : 0).includes("/") && /^package main\b/m.test(texts.get(p) ?? "")));
    found.set(folder, { name: folder ? folder.slice(folder.lastIndexOf("/") + 1) : root, owns });
  }
  return [...found.values()];
}

/** `src/bin/NAME.rs`, and `src/main.rs` by the package of its Cargo.toml. */
function mainsOfRust(texts: ReadonlyMap<string, string>): Main[] {
  const found: Main[] = [];
  for (const path of texts.keys()) {
    const bin = /^(.*(?:^|\/)src\/bin\/)([\w-]+)(?:\.rs|\/main\.rs)$/.exec(path);
    if (bin) {
      const [, folder, name] = bin;
      found.push({ name: name as string, owns: (p) => p === path || p.startsWith(`${folder}${name}/`) });
    }
    const crate = /^(.*?)src\/main\.rs$/.exec(path);
    if (!crate) continue;
    const manifest = texts.get(`${crate[1]}Cargo.toml`) ?? "";
    const binary = /^\[\[bin\]\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
    const name = binary ?? /^\[package\][^[]*?^name\s*=\s*"([\w-]+)"/m.exec(manifest)?.[1];
    if (name) found.push({ name, owns: (p) => p === path });
  }
  return found;
}
