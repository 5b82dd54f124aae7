/** Mirrors that did not answer are set aside for a while, by this run and by the next ones. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "../../base/make-directory.ts";

const ASIDE_MS = 60_000;

export interface MirrorHealth {
  /** Milliseconds since the epoch until which the mirror is left alone; undefined: ask it. */
  asideUntil(host: string): number | undefined;
  report(host: string, ok: boolean): void;
}

export function createMirrorHealth(cacheDir: string | undefined): MirrorHealth {
  const aside = new Map<string, number>();
  const dir = cacheDir === undefined ? undefined : join(cacheDir, "registry/mirrors-aside");
  const fileOf = (host: string) => join(dir ?? "", host.replace(/[^A-Za-z0-9.-]/g, "_"));

  function load(host: string): number {
    let until = aside.get(host);
    if (until === undefined) {
      until = 0;
      if (dir !== undefined) {
        try {
          until = Number(readFileSync(fileOf(host), "utf8")) || 0;
        } catch {
          // Never set aside.
        }
      }
      aside.set(host, until);
    }
    return until;
  }

  return {
    asideUntil(host) {
      const until = load(host);
      return until > Date.now() ? until : undefined;
    },
    report(host, ok) {
      const before = load(host);
      const until = ok ? 0 : Date.now() + ASIDE_MS;
      if (ok && before === 0) return;
      aside.set(host, until);
      if (dir === undefined) return;
      try {
        if (ok) rmSync(fileOf(host), { force: true });
        else {
          makeDirectory(dir);
          writeFileSync(fileOf(host), String(until));
        }
      } catch {
        // What cannot be kept is found out again next time.
      }
    },
  };
}
