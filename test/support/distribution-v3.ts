/** distribution v3 with the file system as its only storage, built once from the Go module proxy and kept for later runs. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSION = "v3.0.0";

/** Its own main: the drivers of the clouds would take most of the time to build. */
const MAIN = `package main

import (
	"os"

	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	if registry.RootCmd.Execute() != nil {
		os.Exit(1)
	}
}
`;

export function hasGo(): boolean {
  return spawnSync("go", ["version"], { stdio: "ignore" }).status === 0;
}

/** @returns the program's path. @throws when it cannot be built */
export function buildDistributionV3(timeoutMs: number): string {
  const dir = join(tmpdir(), "knbuild-go-tools", `distribution-${VERSION}`);
  const program = join(dir, "registry");
  if (existsSync(program)) return program;
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "main.go"), MAIN);
  writeFileSync(
    join(dir, "go.mod"),
    `module knbuild.test/registry\n\ngo 1.23\n\nrequire github.com/distribution/distribution/v3 ${VERSION}\n`,
  );
  const unfinished = `${program}.${process.pid}`;
  for (const args of [
    ["mod", "tidy"],
    ["build", "-o", unfinished, "."],
  ]) {
    const result = spawnSync("go", args, { cwd: dir, encoding: "utf8", timeout: timeoutMs });
    if (result.status !== 0) throw new Error(`go ${args.join(" ")}: ${result.stderr || result.error?.message}`);
  }
  renameSync(unfinished, program);
  return program;
}
