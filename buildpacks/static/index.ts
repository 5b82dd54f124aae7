/** A site of plain files: an index.html and nothing to build. Served by a small static server on Node. */
import {
  BESIDE_THE_SITE,
  defineBuildpack,
  findSite,
  isForOthers,
  type Plan,
  readStaticfile,
  type Source,
} from "../../src/sdk.ts";

const SERVER = "/knbuild/static-server.cjs";

export default defineBuildpack({
  id: "static",
  summary: "Sites of plain files (index.html)",

  detect(source) {
    const place = findSite(source);
    if (place === undefined || (place === "docs" && holdsPackages(source))) return null;
    return {
      // Below a program that serves these files, above a package.json that starts nothing.
      score: place === "." || source.isFile("Staticfile") ? 50 : 35,
      evidence: [
        ...(source.isFile("Staticfile") ? ["Staticfile"] : []),
        place === "." ? "index.html" : `${place}/index.html`,
      ],
      language: "html",
      runtimeVersion: null,
      packageManager: null,
      framework: "html",
      entrypoint: place === "." ? "index.html" : `${place}/index.html`,
    };
  },

  plan(source, context): Plan {
    const { options, nodeBases, directoryName } = context;
    const place = findSite(source) ?? ".";
    const newest = [...nodeBases].sort((a, b) => Number(b.lts) - Number(a.lts) || b.major - a.major)[0];
    const { base } = options;
    const ref = (typeof base === "string" ? base : base?.ref) ?? newest?.ref ?? "debian13-node24";
    const ports = options.ports && options.ports.length > 0 ? options.ports : [8080];
    const name = (options.name ?? directoryName)
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, "-")
      .replace(/^[._-]+|[._-]+$/g, "");
    return {
      version: 1,
      buildpack: "static",
      name: name || "site",
      entrypoint: {
        argv: ["node", SERVER, "/app/public", ...(readStaticfile(source)?.spa ? ["--spa"] : [])],
        evidence: `${place === "." ? "" : `${place}/`}index.html, served by knbuild's static server`,
      },
      base: { ref, packages: [...(typeof base === "object" ? (base.packages ?? []) : [])] },
      steps: [
        { type: "runtime-file", template: "runtime/static-server.cjs", to: SERVER, layer: "runtime" },
        {
          type: "copy",
          from: place,
          to: "/app/public",
          include: ["**"],
          exclude: [...BESIDE_THE_SITE, ...(options.ignore ?? [])],
          layer: "assets",
        },
      ],
      config: {
        env: { NODE_ENV: "production", ...options.env },
        workdir: options.workdir ?? "/app",
        user: options.user ?? "65532:65532",
        exposedPorts: ports.map((port) => (String(port).includes("/") ? String(port) : `${port}/tcp`)),
        labels: { ...options.labels },
      },
      evidence: [`a site of plain files: ${place === "." ? "" : `${place}/`}index.html`, "nothing to build or install"],
      warnings: [],
    };
  },
});

/** Libraries, in a workspace or alone: what lies in docs/ is about them. */
function holdsPackages(source: Source): boolean {
  const { workspaces } = (source.readJson("package.json") ?? {}) as { workspaces?: unknown };
  const isWorkspace = ["pnpm-workspace.yaml", "lerna.json"].some((file) => source.isFile(file));
  return !source.isFile("Staticfile") && (workspaces !== undefined || isWorkspace || isForOthers(source));
}
