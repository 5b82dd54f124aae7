/** Next.js: its standalone output is a server with just the packages that it needs. `output: "export"` is a static site. */
import type { CopyStep } from "../../../src/sdk.ts";
import { ownServer } from "../entry.ts";
import { configFile, type Framework, ownDependency, stringProperty } from "../framework.ts";

const PLACES = ["app", "pages", "src/app", "src/pages"];

export default {
  id: "next",
  detect(app) {
    const dependency =
      ownDependency(app, "next") ??
      (app.workspace && app.dependency("next") ? "package.json of the workspace root: dependency next" : undefined);
    if (dependency === undefined) return undefined;
    const config = configFile(app, "next.config");
    const place = PLACES.find((path) => app.source.isDirectory(path));
    if (config === undefined && place === undefined) return undefined;
    // An own server around Next is a program like any other.
    return ownServer(app) ? undefined : [dependency, config?.file ?? `${place}/`];
  },
  plan(app) {
    const config = configFile(app, "next.config");
    const text = config?.text ?? "";
    const dist = stringProperty(text, "distDir") ?? ".next";
    if (stringProperty(text, "output") === "export") {
      return {
        start: { static: stringProperty(text, "distDir") ?? "out", spa: false },
        evidence: `${config?.file}: output: "export"`,
        build: { command: ["next", "build"], outputs: [stringProperty(text, "distDir") ?? "out"] },
      };
    }
    const member = app.workspace?.path ?? ".";
    const below = (path: string) => (member === "." ? `/app/${path}` : `/app/${member}/${path}`);
    const standalone = `${dist}/standalone`;
    const copy: CopyStep[] = [
      { type: "copy", from: standalone, to: "/app", include: ["**/node_modules"], exclude: [], layer: "dependencies" },
      { type: "copy", from: standalone, to: "/app", include: ["**"], exclude: ["**/node_modules"], layer: "app" },
      {
        type: "copy",
        from: `${dist}/static`,
        to: below(`${dist}/static`),
        include: ["**"],
        exclude: [],
        layer: "assets",
      },
    ];
    if (app.source.isDirectory("public"))
      copy.push({ type: "copy", from: "public", to: below("public"), include: ["**"], exclude: [], layer: "assets" });
    return {
      start: { file: member === "." ? "server.js" : `${member}/server.js` },
      evidence: `Next.js standalone output${config ? ` (${config.file})` : ""}`,
      // What `output: "standalone"` in the configuration does; Next reads these two for tools that build it.
      build: {
        command: ["next", "build"],
        outputs: [standalone],
        env: { NEXT_PRIVATE_STANDALONE: "true", NEXT_PRIVATE_OUTPUT_TRACE_ROOT: "{root}" },
      },
      env: { HOSTNAME: "0.0.0.0", NEXT_TELEMETRY_DISABLED: "1" },
      ship: { copy },
    };
  },
} satisfies Framework;
