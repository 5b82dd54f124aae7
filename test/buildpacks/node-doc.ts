/** docs/node.md: the detection cases as a table, with what was found and the evidence for it. */
import { basename } from "node:path";
import { KnbuildError } from "../../src/base/errors.ts";
import { detect } from "../../src/pipeline/detect.ts";
import { plan } from "../../src/pipeline/plan.ts";
import { openSource } from "../../src/source/open.ts";
import { DETECTION_CASES, type DetectionCase } from "./detection-cases.ts";
import { TEST_BASES } from "./node-bases.ts";
import { withSkeleton } from "./skeleton.ts";

export async function nodeDoc(): Promise<string> {
  const rows: string[] = [];
  for (const test of DETECTION_CASES) rows.push(await row(test));
  return `${INTRODUCTION}
| app | found | starts | evidence |
|---|---|---|---|
${rows.join("\n")}
`;
}

function row(test: DetectionCase): Promise<string> {
  return withSkeleton(test.files, (root) => {
    const source = openSource(root);
    const report = detect(source);
    const found = report.candidates[0];
    let starts: string;
    let evidence: string[] = found?.evidence ?? [];
    try {
      const made = plan({ source, nodeBases: TEST_BASES });
      starts = `\`${made.entrypoint.argv.join(" ")}\` on ${made.base.ref}`;
      evidence = [...new Set([...evidence, ...made.evidence])];
    } catch (error) {
      if (!(error instanceof KnbuildError)) throw error;
      starts = `error ${error.code}`;
    }
    const facts = [report.selected ?? "nothing", found?.framework, found?.packageManager].filter(Boolean).join(", ");
    const name = test.note ? `${test.name} (${test.note})` : test.name;
    const cells = [name, facts, starts, evidence.slice(0, 6).join("; ").replaceAll(basename(root), "app")];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\\\|").replaceAll("\\n", " ")).join(" | ")} |`;
  });
}

const INTRODUCTION = `# Node apps: what is detected, and how

This file is written from the detection tests (\`node scripts/node-doc.mjs\`); do not edit it.

**The entry** is looked for in this order: \`entrypoint\` of the configuration; \`web:\` of a Procfile; the start script
(behind wrappers, other scripts, \`cd\`); \`main\`, \`exports\` and \`module\` of package.json; \`server.*\`, \`app.*\`, \`index.*\`,
\`main.*\` at the top and in \`src/\`; at last the only file that listens. To be taken without being named a file must listen,
or export what answers requests: a fetch handler, or an app (Express, Koa, Fastify, …) for which no other file listens. A small server
of knbuild's serves such an export; an app's file that the start script names must listen itself.

**No service** is what runs in a browser, an editor, on a desk or a phone, or in a workflow: its manifest or package.json says so. Where
the start script or the Procfile starts a server all the same, that is built. A worker that Cloudflare gives databases or stores, and an
app that is wrapped for Lambda, are none either.

**The Node version**: project.toml's \`BP_NODE_VERSION\`, \`.nvmrc\`, \`.node-version\`, \`.tool-versions\`, \`mise.toml\`, \`volta\`, \`devEngines.runtime\`, \`engines.node\`; the
first one decides, the newest long-term-support release that it allows is taken (of those that the locked packages can be loaded
by: addons say it themselves, some others use what Node has taken away; a lock file of npm 6 takes the oldest), and the others must agree or a warning says so. Without any of them the FROM line of a Dockerfile, then a CI file, is
taken as evidence; where that has ended, the nearest release that has not. A demand for a release past its end of life is an
error that names the choices. An addon that does not compile for the Node chosen, by its C++, gets the next older one that is
allowed, with a warning; so does one that uses what that Node has no more (\`util.isRegExp\`), when it is installed, in a build or in the image. The next
build begins there.

**The start script** may build first, which is then the build; what it does to a database first (migrations, seeds) is left out with a
warning. A package that \`npx\` and its like would fetch at each start is installed with the others, with a warning that names it.

**A project of nest-cli.json** (NestJS's monorepo: several programs of one package.json) is named as a member of a workspace is,
\`--workspace NAME\` or its directory; without a name it is the one that nest-cli.json begins with.

**A member of a workspace** that has a lock file of its own is installed by itself, unless the root's lock file lists it.

**A site** is the directory that its generator or bundler names, or where else its build has written an index.html; a page beside a
build script of an unknown kind is built first.

**The package manager**: \`packageManager\` (or \`devEngines.packageManager\`) when its lock file is there, else the lock file:
pnpm-lock.yaml, yarn.lock, bun.lock, npm-shrinkwrap.json, package-lock.json. A hash behind the version (\`pnpm@10.1.0+sha512.…\`) is held against what
the registry gives, as corepack does.

**Somebody else's server**: where a package's program, or what nobody can read before it is built, is the server, a preload has it reached
on PORT whatever port or host it knows: localhost becomes all addresses, a port that is root's becomes PORT, and an HTTP server on
another port gets the connections of PORT handed; where a server listens is then no finding. An app's own source is judged instead
(KS001, KS002), and the build says how the image mends it: a program whose one listener has a port of its own and never asks for
PORT gets the same preload; where an environment variable alone moves it off localhost (\`process.env.HOST || "localhost"\`), the
image sets that variable.

**Scores**: 95 a framework's own build; 80 a program with an entry that listens; 60 one whose packages decide that; 50 a plain
site; 40 and less: files of the kind, no program. The highest wins; a tie is an error.
`;
