/** Angular: a static site, or with server-side rendering the server that `ng build` makes. */
import { rangesIntersect as intersects, validRange } from "../../../src/sdk.ts";
import { ownServer } from "../entry.ts";
import { type Framework, ownDependency } from "../framework.ts";
import { dependsOn } from "../manifest.ts";

interface BuildTarget {
  builder?: string;
  options?: {
    outputPath?: string | { base?: string; browser?: string; server?: string };
    ssr?: unknown;
    server?: unknown;
    outputMode?: string;
    security?: { allowedHosts?: unknown };
  };
}

export default {
  id: "angular",
  detect(app) {
    const dependency = ownDependency(app, "@angular/core");
    if (dependency === undefined || !app.source.isFile("angular.json")) return undefined;
    // A server that the start script names serves what `ng build` makes; src/server.ts is Angular's own.
    return app.start?.kind === "file" && ownServer(app) ? undefined : [dependency, "angular.json"];
  },
  plan(app) {
    const workspace = app.source.readJson("angular.json", { comments: true }) as {
      defaultProject?: string;
      projects?: Record<
        string,
        { projectType?: string; architect?: { build?: BuildTarget }; targets?: { build?: BuildTarget } }
      >;
    };
    const projects = Object.entries(workspace.projects ?? {}).filter(
      ([, project]) => project.projectType !== "library",
    );
    const [name, project] = projects.find(([id]) => id === workspace.defaultProject) ??
      projects[0] ?? ["app", undefined];
    const target = project?.architect?.build ?? project?.targets?.build;
    const path = target?.options?.outputPath;
    const base = (typeof path === "string" ? path : path?.base) ?? `dist/${name}`;
    const isApplication = /:application$/.test(target?.builder ?? ":application");
    const browser = isApplication
      ? [base, typeof path === "object" ? (path.browser ?? "browser") : "browser"].filter(Boolean).join("/")
      : base;
    const ssr =
      isApplication &&
      target?.options?.ssr !== undefined &&
      target.options.ssr !== false &&
      target.options.outputMode !== "static";
    if (!ssr)
      return {
        start: { static: browser, spa: true },
        evidence: `angular.json: ${name}, ${target?.builder ?? "application"}`,
        build: { command: ["ng", "build"], outputs: [browser] },
      };
    const server = `${base}/server/server.mjs`;
    // From 22 on a Host that is not on the list is answered with 400. The platform lets only the service's own hosts through.
    const checksHost = fromMajor(dependsOn(app.manifest, "@angular/ssr"), 22);
    // A new project's list is empty.
    const hosts = target?.options?.security?.allowedHosts;
    const open = checksHost && (hosts === undefined || (Array.isArray(hosts) && hosts.length === 0));
    return {
      start: { file: server },
      ...(open && {
        env: { NG_ALLOWED_HOSTS: "*" },
        warnings: [
          {
            code: "ANGULAR_ALLOWED_HOSTS",
            message:
              "angular.json names no security.allowedHosts: the image answers every Host that the platform lets through",
            hint: "Name the service's hosts there, or in NG_ALLOWED_HOSTS in the service's environment.",
          },
        ],
      }),
      evidence: `angular.json: ${name} with ssr`,
      build: { command: ["ng", "build"], outputs: [server] },
      ship: { traced: [server], include: [`${base}/**`, "package.json"] },
    };
  },
} satisfies Framework;

function fromMajor(range: string | undefined, major: number): boolean {
  return range !== undefined && validRange(range) !== null && !intersects(range, `<${major}.0.0-0`);
}
