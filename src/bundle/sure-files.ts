/** What a program surely loads when it starts: a chain of requests from the entry of which none stands in a function, a branch or a `try`. */
import { readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import type { Judgement } from "./judge.ts";
import type { OwnCode } from "./own-code.ts";
import type { Project } from "./project.ts";
import { type SureRequests, sureRequests } from "./sure-requests.ts";

export interface SureFile {
  path: string;
  said: SureRequests;
  /** The files that ask for one another, from the entry to this one. */
  chain(): string;
}

export function* surelyLoaded({ root, resolver }: Project, own: OwnCode, judgement: Judgement): Generator<SureFile> {
  const entry = join(root, own.entries[0] as string);
  const kept = new Set(own.requests.map(({ importer, specifier }) => `${importer}\0${specifier}`));
  const from = new Map<string, string | undefined>([[entry, undefined]]);
  for (const path of from.keys()) {
    if (!/^\.[cm]?[jt]sx?$/.test(extname(path))) continue;
    const said = read(path);
    yield { path, said, chain: () => chainTo(path, from, root) };
    for (const { specifier, kind } of said.requests) {
      const target = resolver.resolve(specifier, path, kind);
      if (target.type !== "file" || from.has(target.path)) continue;
      const mine = own.files.has(path);
      // TypeScript leaves out an import of which only types are used.
      if (mine && !own.files.has(target.path) && !kept.has(`${path}\0${specifier}`)) continue;
      if (own.files.has(target.path) || judgement.files.has(target.path)) from.set(target.path, path);
    }
  }
}

function read(path: string): SureRequests {
  try {
    return sureRequests(path, readFileSync(path, "utf8"));
  } catch {
    return { requests: [], loads: undefined, throws: false };
  }
}

function chainTo(path: string, from: ReadonlyMap<string, string | undefined>, root: string): string {
  const chain: string[] = [];
  for (let at: string | undefined = path; at !== undefined; at = from.get(at)) chain.unshift(relative(root, at));
  return chain.join(" → ");
}
