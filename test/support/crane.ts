/** crane from the Go module proxy, built once and kept for later runs. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSION = "v0.22.1";

/** @returns the program's path. @throws when it cannot be built */
export function buildCrane(timeoutMs: number): string {
  const dir = join(tmpdir(), "knbuild-go-tools", `crane-${VERSION}`);
  const program = join(dir, "crane");
  if (existsSync(program)) return program;
  mkdirSync(dir, { recursive: true });
  const source = `github.com/google/go-containerregistry/cmd/crane@${VERSION}`;
  const result = spawnSync("go", ["install", source], {
    encoding: "utf8",
    timeout: timeoutMs,
    env: { ...process.env, GOBIN: dir, CGO_ENABLED: "0" },
  });
  if (result.status !== 0) throw new Error(`go install ${source}: ${result.stderr || result.error?.message}`);
  return program;
}
