/** Node: what the plan of a build would do here, said as the values of node.Dockerfile. */
import { posix } from "node:path";
import { isKnbuildError, KnbuildError } from "../../base/errors.ts";
import { copyLine, shellWord } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { PlanOptions } from "../../plan/options.ts";
import type { BundleStep, CopyStep, HostCommandStep, InstallStep, Plan, Step } from "../../plan/types.ts";
import type { Source } from "../../source/open.ts";
import { nodeBases } from "../node-bases.ts";
import { plan as planSource } from "../plan.ts";
import type { BaseWish } from "./base-wish.ts";
import { installLines, managerLine, manifestLines, NPM_PRUNE, pruneLine, settingsLines } from "./node-install.ts";

/** Newest releases that the official image's tags name; of other lines the tag is the line. */
const NEWEST: Readonly<Record<string, string>> = { "26": "26.12", "24": "24.19" };
/** Where nginx serves a site from. */
export const HTML = "/usr/share/nginx/html/";
/** Where the build's stage puts a site that it has to look for. */
const SITE = "/site";
const FROM_BUILD = ["--from=build"];
const ESBUILD = "esbuild@0.28.2";

/** @param asked the version that the project names, a range or exact @throws what the plan says: NOT_A_SERVER, … */
export function nodeValues(source: Source, asked: string | null, wish: PlanOptions, base: BaseWish): TemplateValues {
  const plan = planAnyway(source, { ...wish, buildpack: "node" });
  const of = <T extends Step>(type: T["type"]): T[] => plan.steps.filter((step) => step.type === type) as T[];
  const install = of<InstallStep>("install")[0];
  if (install?.workspaceRoot !== undefined && plan.member === undefined && install.workspaceRoot !== ".") {
    throw new KnbuildError({
      code: "INIT_IN_MEMBER",
      message: "this is a member of the workspace above it, whose lock file the image needs",
      where: source.root,
      hint: "Write it in the workspace's root, and name the member.",
      exitCode: 2,
    });
  }
  const appDir = posix.join("/app", plan.member ?? ".");
  const app = source.at(plan.member ?? ".");
  const bundle = of<BundleStep>("bundle")[0];
  const commands = of<HostCommandStep>("host-command");
  const copies = of<CopyStep>("copy");
  const site = plan.steps.some((step) => step.type === "runtime-file" && step.template.endsWith("static-server.cjs"));
  if (plan.steps.some((step) => step.type === "runtime-file" && step.template.endsWith("fetch-server.mjs"))) {
    throw new KnbuildError({
      code: "INIT_FETCH_HANDLER",
      message: `${plan.entrypoint.file} exports what answers requests, and nothing calls listen()`,
      where: source.root,
      hint: "knbuild itself serves it; a Dockerfile needs a file that listens: the app's listen(process.env.PORT), or for a fetch handler srvx or the framework's adapter for Node.",
    });
  }
  const compiled = bundle?.enabled ? compileCommand(app, bundle) : undefined;
  const prunes = install?.dev === true && bundle !== undefined && commands.length > 0;
  // An image whose entrypoint is not node: the one that is wished for, or the one that takes packages.
  const roomy = base.ref === undefined ? base.packages.length > 0 : !/distroless\/nodejs/.test(base.ref);
  const start = startCommand(plan, appDir, compiled?.output, install, roomy);
  const choice = site ? siteChoice(plan, copies[0], commands.at(-1)) : undefined;
  const builds = [
    ...commands.map((step) => buildCommand(step, appDir, install)),
    ...(compiled ? [{ directory: appDir, command: compiled.command }] : []),
    ...(prunes && install.packageManager === "npm" ? [{ directory: "/app", command: NPM_PRUNE }] : []),
    ...(install?.program ? [{ directory: appDir, command: fetchCommand(install, install.program, prunes) }] : []),
    ...(choice === undefined ? [] : [{ directory: appDir, command: choice }]),
  ];
  const major = /node(\d+)$/.exec(plan.base.ref)?.[1] ?? "26";
  return {
    version: exactLine(asked, major) ?? NEWEST[major] ?? major,
    major,
    appdir: appDir,
    inside: appDir !== "/app",
    settings: settingsLines(install),
    manager: install === undefined ? "" : managerLine(source, install),
    withsource: install?.withSource === true,
    manifests: install === undefined || install.withSource ? "" : manifestLines(source, install),
    install: install === undefined ? "" : installLines(source, install),
    compiles: compiled !== undefined,
    build: runLines(builds, appDir),
    prune: prunes ? pruneLine(install, source) : "",
    // nginx serves a site; a start command that a shell has to read needs an image with one.
    site,
    server: !site,
    shell: !site && start.shell,
    distroless: !site && !start.shell,
    fallback: plan.entrypoint.argv.includes("--spa") ? "/index.html" : "=404",
    files: copyLine([choice === undefined ? posix.join(appDir, copies[0]?.from ?? ".") : SITE], HTML, FROM_BUILD),
    environment: environmentLines(plan.config.env),
    copies: copyLines(plan, appDir, bundle, copies),
    start: start.command,
  };
}

/** Where a build writes a site is only known after it, unless its tool says so: what is found then is what is served. */
function siteChoice(plan: Plan, copy: CopyStep | undefined, build: HostCommandStep | undefined): string | undefined {
  const unsure = build?.site && !build.site.bare && !plan.entrypoint.argv.includes("--spa");
  if (!copy?.instead || !(unsure || build?.site?.written !== undefined)) return undefined;
  const places = [copy.from, ...copy.instead].map(shellWord).join(" ");
  const beside = copy.exclude.flatMap((name) => (/^[\w-][\w.-]*$/.test(name) ? [`${SITE}/${name}`] : [])).join(" ");
  const found = `for site in ${places}; do [ -e "$site/index.html" ] && break; done && cp -R "$site" ${SITE}`;
  return copy.instead.includes(".") ? `${found} && rm -rf ${beside}` : found;
}

/** A version that has ended, or that no base has, is the newest one here: what a Dockerfile starts with should get fixes. */
function planAnyway(source: Source, options: PlanOptions): Plan {
  const bases = nodeBases();
  try {
    return planSource({ source, options, nodeBases: bases });
  } catch (error) {
    const newest = bases.filter(({ lts }) => lts).sort((a, b) => b.major - a.major)[0];
    if (!isKnbuildError(error) || !error.code.startsWith("NODE_VERSION_") || newest === undefined) throw error;
    return planSource({ source, options: { ...options, base: newest.ref }, nodeBases: bases });
  }
}

/**
 * What the start script has fetched (`npx serve`) is in the image; what only the build needed does not come back with it.
 * @param pruned that has been taken away before
 */
function fetchCommand(
  { packageManager, dev }: InstallStep,
  program: NonNullable<InstallStep["program"]>,
  pruned: boolean,
): string {
  const bare = pruned || !dev;
  const add: Readonly<Record<InstallStep["packageManager"], string>> = {
    npm: `npm install --no-save${bare ? " --omit=dev" : ""}`,
    pnpm: `pnpm add${bare ? " --prod" : ""}`,
    yarn: `${bare ? "NODE_ENV=production " : ""}yarn add`,
    "yarn-berry": "yarn add",
    bun: "bun add",
  };
  return `[ -e node_modules/.bin/${program.name} ] || ${add[packageManager]} ${program.package}`;
}

/** `26.3` of `26.3.1`: an exact version that the project names, of the line that was chosen. */
function exactLine(asked: string | null, major: string): string | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.\d+)?$/.exec(asked?.trim() ?? "");
  return found?.[1] === major ? `${found[1]}.${found[2]}` : undefined;
}

/** What stands behind ENV. */
export function environmentLines(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${/^[\w./:-]*$/.test(value) ? value : JSON.stringify(value)}`)
    .join(" ");
}

interface BuildCommand {
  directory: string;
  command: string;
}

/** One RUN for commands in one directory, `WORKDIR` where they run elsewhere. */
function runLines(commands: readonly BuildCommand[], appDir: string): string {
  const lines: string[] = [];
  let here = appDir;
  for (const [i, { directory, command }] of commands.entries()) {
    if (directory === here && i > 0) {
      lines.push(`${lines.pop()} \\\n    && ${command}`);
      continue;
    }
    if (directory !== here) lines.push(`WORKDIR ${directory}`);
    lines.push(`RUN ${command}`);
    here = directory;
  }
  return [...lines, ...(here === appDir ? [] : [`WORKDIR ${appDir}`])].join("\n");
}

function buildCommand(step: HostCommandStep, appDir: string, install: InstallStep | undefined): BuildCommand {
  const manager = install?.packageManager.replace("-berry", "") ?? "npm";
  const [program = "", ...rest] = step.argv;
  const runner: Record<string, string> = { npm: "npx", pnpm: "pnpm exec", yarn: "yarn run", bun: "bunx" };
  const own = program === manager || program === "npm";
  const argv = step.argv.map(shellWord);
  const words = own ? argv : [runner[manager], ...argv];
  const variables = Object.entries(step.env).map(([name, value]) => `${name}=${value.replace("{root}", "/app")} `);
  const command = program === "sh" ? (rest[1] as string) : words.join(" ");
  return { directory: posix.join(appDir, step.cwd), command: `${variables.join("")}${command}` };
}

/** TypeScript without a build of its own: one file of it beside the entry, its packages left where they are. */
function compileCommand(app: Source, bundle: BundleStep): { command: string; output: string } | undefined {
  if (!/\.(?:[cm]?ts|tsx|jsx)$/.test(bundle.entry)) return undefined;
  const text = app.read(bundle.entry) ?? "";
  const type = ((app.isFile("package.json") ? app.readJson("package.json") : {}) as { type?: string }).type;
  const esm = /\.mts$/.test(bundle.entry) || type === "module" || /\bimport\.meta\b|^(?:\S.*)?\bawait /m.test(text);
  const output = bundle.entry.replace(/\.\w+$/, esm ? ".mjs" : ".cjs");
  const flags = `--bundle --packages=external --platform=node --target=node${bundle.nodeTarget} --format=${esm ? "esm" : "cjs"}`;
  return {
    output,
    command: `npx --yes ${ESBUILD} ${shellWord(bundle.entry)} ${flags} --sourcemap=inline ${shellWord(`--outfile=${output}`)}`,
  };
}

interface StartCommand {
  /** JSON of CMD. */
  command: string;
  shell: boolean;
}

function startCommand(
  plan: Plan,
  appDir: string,
  compiled: string | undefined,
  install: InstallStep | undefined,
  roomy: boolean,
): StartCommand {
  const { file, tool, directory } = plan.entrypoint;
  const argv = withoutPreloads(plan.entrypoint.argv).map((word) => {
    if (word !== file) return word;
    if (tool !== undefined && plan.member !== undefined && install?.packageManager !== "pnpm") return `/app/${file}`;
    const path = compiled ?? file;
    return directory === undefined ? path : posix.join(appDir, path);
  });
  // pnpm's programs are shell scripts that end with exec node.
  const script = tool !== undefined && install?.packageManager === "pnpm";
  const expands = argv.some((word) => word.includes("$"));
  const words = script ? argv.slice(1) : argv;
  if (!script && !expands) return { command: JSON.stringify(roomy ? words : words.slice(1)), shell: roomy };
  const line = words.map((word) => (/^[\w./:=@%+,-]+$/.test(word) ? word : `"${withDefault(word)}"`)).join(" ");
  return { command: JSON.stringify(expands ? ["sh", "-c", `exec ${line}`] : words), shell: true };
}

/** PORT is there on the platform; elsewhere it is 8080. */
function withDefault(word: string): string {
  return word.replace(/\$PORT\b|\$\{PORT\}/g, "${PORT:-8080}").replace(/["\\`]/g, "\\$&");
}

/** knbuild's own preloads: variables are filled in by a shell, and the rest is for a person to change in the Dockerfile. */
function withoutPreloads(argv: readonly string[]): string[] {
  const at = argv.findIndex((word, i) => word === "--require" && argv[i + 1]?.startsWith("/knbuild/"));
  return at < 0 ? [...argv] : withoutPreloads([...argv.slice(0, at), ...argv.slice(at + 2)]);
}

/** What the image gets from the build's stage. */
function copyLines(plan: Plan, appDir: string, bundle: BundleStep | undefined, copies: readonly CopyStep[]): string {
  const lines = copies.map(({ from, to }) => copyLine([posix.join(appDir, from)], to, FROM_BUILD));
  // A framework's own output, and the packages that it needs.
  const output = bundle && !bundle.enabled && bundle.roots !== undefined ? bundle.include : [];
  const plain = output.length > 0 && output.every((glob) => !/[*?{[]/.test(glob.replace(/\/\*\*$/, "")));
  if (bundle && (!plain || plan.member !== undefined)) lines.push("COPY --from=build /app /app");
  else if (bundle) {
    const paths = [...new Set([...output.map((glob) => glob.replace(/\/\*\*$/, "")), "package.json"])];
    lines.push("COPY --from=build /app/node_modules ./node_modules");
    lines.push(...paths.map((path) => copyLine([posix.join(appDir, path)], `./${path}`, FROM_BUILD)));
  }
  return [...new Set(lines)].join("\n");
}
