/** NestJS: its compiler first (decorator metadata), then a Node program like others. */
import { posix } from "node:path";
import { lookForServer } from "../../../src/sdk.ts";
import { type App, isDevelopment } from "../app.ts";
import { type Framework, ownDependency } from "../framework.ts";
import { nothingListens } from "../no-entry.ts";

interface NestCli {
  entryFile?: string;
  sourceRoot?: string;
  monorepo?: boolean;
  root?: string;
}

export default {
  id: "nestjs",
  detect(app) {
    const dependency = ownDependency(app, "@nestjs/core");
    if (dependency === undefined) return undefined;
    const cli = app.source.isFile("nest-cli.json");
    const developed = app.start !== undefined && isDevelopment(app.start);
    if (!cli && !developed) return undefined;
    if (app.nest) return [dependency, `nest-cli.json: project ${app.nest.name}`];
    return [dependency, cli ? "nest-cli.json" : "scripts.start: nest start"];
  },
  plan(app) {
    const cli = (app.source.readJson("nest-cli.json", { comments: true }) ?? {}) as NestCli;
    const out = app.tsconfig?.outDir ?? "dist";
    if (app.nest) {
      // Where webpack puts a monorepo's programs, whatever the projects' own settings say.
      const file = `dist/${app.nest.path}/${app.nest.entryFile}.js`;
      const command = ["nest", "build", app.nest.name];
      const evidence = `${command.join(" ")} makes ${file}`;
      const source = `${app.nest.sources}/${app.nest.entryFile}.ts`;
      assertListens(app, source);
      return { start: { file }, evidence, ownProgram: source, build: { command, outputs: [file] } };
    }
    const named = app.start?.kind === "file" && app.start.target.startsWith(`${out}/`) ? app.start.target : undefined;
    const entry = named ?? `${out}/${cli.monorepo && cli.root ? `${cli.root}/` : ""}${cli.entryFile ?? "main"}`;
    const file = /\.[cm]?js$/.test(entry) ? entry : `${entry}.js`;
    const source = `${cli.sourceRoot ?? "src"}/${posix.relative(out, file).replace(/js$/, "ts")}`;
    assertListens(app, source);
    return {
      start: { file },
      evidence: named ? `${app.start?.from} starts ${named}` : `nest build makes ${file}`,
      ownProgram: source,
      build: { command: ["nest", "build"], outputs: [file] },
    };
  },
} satisfies Framework;

/** Consumers of a queue and programs of timers are Nest's as well. @throws NOT_A_SERVER */
function assertListens(app: App, file: string): void {
  if (app.options.entrypoint !== undefined) return;
  const look = lookForServer(app.source, file);
  if (look.verdict === "nothing" && look.portless.length > 0) throw nothingListens(app, file, "nest-cli.json", look);
}
