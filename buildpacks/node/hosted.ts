/** Functions that another platform's own host calls: nothing of such an app listens. */
import { posix } from "node:path";
import { blankComments, type KnbuildError, notAServer, type Source } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import type { Entry } from "./entry.ts";
import { listenersBelow } from "./no-entry.ts";

interface Host {
  /** Whose functions they are, as a subject. */
  what: string;
  /** Files and dependencies that say so. */
  evidence(app: App): string[];
  /** Whatever packages the program uses: its own one is for that host alone. */
  certain?: true;
}

const HOSTS: readonly Host[] = [
  {
    what: "Azure Functions are called by Azure's own host",
    evidence: (app) => all(app, ["@azure/functions"], ["host.json"]),
    certain: true,
  },
  {
    what: "functions of Firebase are called by Firebase, or by the functions framework",
    evidence: (app) => all(app, ["firebase-functions"], []),
    certain: true,
  },
  {
    what: "functions of AWS Lambda are called by Lambda",
    evidence: (app) => [...serverless(app, undefined), ...lambdaTemplates(app.source)],
  },
  {
    what: "functions of Azure are called by Azure's own host",
    evidence: (app) => serverless(app, "azure"),
  },
  {
    what: "functions of Google Cloud are called by Google's own host",
    evidence: (app) => serverless(app, "google"),
  },
  {
    what: "functions of DigitalOcean are called by DigitalOcean's own host",
    evidence: (app) => functionProjects(app.source),
  },
  {
    what: "functions of Netlify are called by Netlify",
    evidence: (app) => files(app, ["netlify/functions", "netlify/edge-functions"]),
  },
  {
    what: "a worker of Cloudflare is called by Cloudflare's own runtime",
    evidence: (app) => files(app, WRANGLER),
  },
  {
    what: "a program for Fastly Compute is called by Fastly's own runtime",
    evidence: (app) => all(app, ["@fastly/js-compute"], []),
    certain: true,
  },
  {
    what: "functions in api/ are called by Vercel",
    evidence: (app) => (app.source.isFile("vercel.json") ? inApi(app) : []),
  },
  {
    what: "functions in api/ are called by a host such as Vercel",
    evidence: (app) => inApi(app).filter((file) => isHandler(app.source.read(file) ?? "")),
  },
];

function inApi({ source }: App): string[] {
  const names = source.names("api").filter((name) => /\.[cm]?[jt]sx?$/.test(name));
  return names.slice(0, 20).map((name) => `api/${name}`);
}

const FILES_TOLD = 3;

/** The Serverless Framework's files, where they name this provider; undefined: none of the others. */
function serverless(app: App, provider: "azure" | "google" | undefined): string[] {
  return files(app, ["serverless.yml", "serverless.yaml", "serverless.ts"]).filter((file) => {
    const named = /^provider:\s*(?:name:\s*)?['"]?(azure|google)\b/m.exec(app.source.read(file) ?? "");
    return named?.[1] === provider;
  });
}

/** What AWS SAM deploys: each function has a folder of its own, often the root has no package.json. */
export function lambdaTemplates(source: Source): string[] {
  return ["template.yaml", "template.yml"].filter((file) => /AWS::Serverless/.test(source.read(file) ?? ""));
}

/** What DigitalOcean deploys: the same, the folders named by a list of packages and their actions. */
export function functionProjects(source: Source): string[] {
  return ["project.yml"].filter((file) =>
    /^packages:[\s\S]*^\s+(?:-\s+)?(?:actions|functions):/m.test(source.read(file) ?? ""),
  );
}

const WRANGLER = ["wrangler.toml", "wrangler.json", "wrangler.jsonc"];

/** The worker that wrangler's configuration names. */
export function workerMain({ source }: App): { file: string; from: string } | undefined {
  const from = WRANGLER.find((name) => source.isFile(name));
  const text = from === undefined ? undefined : source.read(from);
  const file = /(?:^|[{,])[ \t]*"?main"?[ \t]*[=:][ \t]*["']([^"']+)["']/m.exec(text ?? "")?.[1];
  return from === undefined || file === undefined ? undefined : { file, from: `${from} main` };
}

/** Tables of wrangler's configuration for what only Cloudflare has (developers.cloudflare.com/workers/wrangler/configuration). */
const BINDING =
  /(?:^|[{,])[ \t]*(?:\[\[?(?:env\.\w+\.)?(?<table>TABLES)(?:\.\w+)?\]|"?(?<key>TABLES)"?[ \t]*[:=][ \t]*[[{](?!\s*[\]}]))/gm.source.replaceAll(
    "TABLES",
    "d1_databases|kv_namespaces|r2_buckets|durable_objects|queues|ai|vectorize|hyperdrive|services|browser|workflows|send_email|analytics_engine_datasets|dispatch_namespaces|containers|pipelines",
  );

/**
 * A worker that is given databases, stores or other services by Cloudflare cannot do without.
 * @throws NOT_A_SERVER
 */
export function assertNoBindings(app: App, entry: string): void {
  const worker = workerMain(app);
  if (worker === undefined || posix.normalize(worker.file) !== entry) return;
  const [file = ""] = worker.from.split(" ");
  const text = app.source.read(file) ?? "";
  const code = file.endsWith(".toml") ? text.replace(/^[ \t]*#.*$/gm, "") : blankComments(text);
  const names = [...code.matchAll(new RegExp(BINDING, "gm"))].map(({ groups }) => groups?.["table"] ?? groups?.["key"]);
  if (names.length === 0) return;
  throw notAServer({
    why: `a worker of Cloudflare is given ${[...new Set(names)].join(", ")} by Cloudflare's own runtime`,
    where: app.source.root,
    looked: [file],
    hint: "Deploy it with wrangler. A service reaches databases and stores over the network: replace the bindings, or name a file that does without: `entrypoint` in knbuild.yaml.",
  });
}

/** Lambda's own files name a function of this very file: what wraps an app for it (`serverless-http`) does not listen. */
function isLambdaHandler({ source }: App, entry: string): boolean {
  const stem = entry.replace(/\.[cm]?[jt]sx?$/, "");
  return ["serverless.yml", "serverless.yaml", "template.yaml", "template.yml"].some((file) =>
    [...(source.read(file) ?? "").matchAll(/^\s*handler:\s*['"]?([\w./-]+)\.\w+['"]?\s*$/gim)].some(
      ([, named = ""]) => posix.normalize(named) === stem,
    ),
  );
}

/**
 * @param entry in which nothing is seen to listen, though a package may
 * @returns the error that says whose functions these are; undefined: nobody's
 */
export function hostedFunctions(app: App, entry: Entry | undefined): KnbuildError | undefined {
  const undecided = entry?.look?.verdict === "unknown" && !isLambdaHandler(app, entry.file);
  for (const { what, evidence, certain } of HOSTS) {
    if (undecided && !certain) continue;
    const found = evidence(app);
    if (found.length === 0) continue;
    // A server that nothing starts: that is what to tell.
    if (!certain && listenersBelow(app).length > 0) return undefined;
    return notAServer({
      why: `${what}, and nothing in it listens for requests`,
      where: app.source.root,
      looked: found.slice(0, FILES_TOLD),
      hint: "A service listens on the port in PORT: call the functions from a server of its own (node:http, Express, Fastify, …), or export a fetch handler, which is served.",
    });
  }
  return undefined;
}

const METHOD = /^\s*export\s+(?:async\s+)?(?:function|const)\s+(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b/m;
const EXPORTS = "^\\s*(?:export\\s+default\\b|(?:module\\.)?exports(?:\\.default)?\\s*=)\\s*";
const ANSWERS = new RegExp(`${EXPORTS}(?:async\\s*)?(?:function\\b\\s*[\\w$]*\\s*)?\\(?\\s*_?req`, "m");
const BY_NAME = new RegExp(`${EXPORTS}([\\w$]+)\\s*;?\\s*$`, "m");
const WRAPPED = new RegExp(`${EXPORTS}[\\w$.]+\\(`, "m");

/** Its default export is a function of a request, or one is named like a method: `export function GET(request) {}`. */
function isHandler(text: string): boolean {
  if (METHOD.test(text) || ANSWERS.test(text) || (WRAPPED.test(text) && text.includes("vercel"))) return true;
  const name = BY_NAME.exec(text)?.[1]?.replaceAll("$", "\\$");
  const made = `\\b(?:function\\s+${name}\\s*\\(|${name}\\s*(?::[^=\\n]+)?=\\s*(?:async\\s*)?\\(?)\\s*_?req`;
  return name !== undefined && new RegExp(made).test(text);
}

function all(app: App, packages: string[], paths: string[]): string[] {
  const { dependencies } = app.manifest ?? { dependencies: {} };
  const here = files(app, paths);
  const named = packages.filter((name) => (dependencies as Record<string, string>)[name] !== undefined);
  return named.length === packages.length && here.length === paths.length
    ? [...here, ...named.map((name) => `package.json: dependency ${name}`)]
    : [];
}

function files({ source }: App, paths: readonly string[]): string[] {
  return paths.filter((path) => source.exists(path));
}
