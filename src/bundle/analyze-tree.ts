/** The careful half of the analysis: a walk over the syntax tree with the scopes in mind. */
import type { FileAnalysis, FindingCode, ModuleRequest } from "./analysis.ts";
import type { AnalyzeOptions } from "./analyze.ts";
import { startedBy } from "./started-calls.ts";
import { startersOf } from "./started-programs.ts";
import { literal, nameOf } from "./tree-names.ts";
import { declaredNames, isFunction, type Node, nodesIn } from "./tree-scope.ts";

const ADD_LISTENER = new Set(["on", "once", "addListener", "prependListener", "prependOnceListener"]);
const SAFE_MODULE_API = new Set([
  "createRequire",
  "builtinModules",
  "isBuiltin",
  "enableCompileCache",
  "flushCompileCache",
  "getCompileCacheDir",
]);
/** Packages that find a `.node` file for the one who calls them. */
export const ADDON_FINDERS = new Set([
  "bindings",
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "@mapbox/node-pre-gyp",
  "node-pre-gyp",
  "pkg-prebuilds",
  "prebuild-install",
  "@neon-rs/load",
]);

interface Visit {
  node: Node;
  parent: Node | undefined;
  key: string;
}

interface Leave {
  node: Node;
  scoped: boolean;
  guarded: boolean;
}

type Step = Visit | { leave: Leave };

export function readTree(
  program: unknown,
  text: string,
  lines: (offset: number) => number,
  analysis: FileAnalysis,
  options: AnalyzeOptions,
): void {
  /** Names bound in the scopes around; the value says whether it is a `createRequire` product. */
  const scopes: Map<string, "bound" | "require">[] = [];
  const root = program as Node;
  let tries = 0;
  let functions = 0;

  const starterOf = options.own ? startersOf(text) : undefined;

  const bound = (name: string) => scopes.some((scope) => scope.has(name));
  const madeRequire = (name: string) => scopes.findLast((scope) => scope.has(name))?.get(name) === "require";

  function found(code: FindingCode, node: Node): void {
    const line = lines(node.start);
    if (analysis.findings.some((f) => f.code === code && f.line === line)) return;
    const source = text.slice(node.start, Math.min(node.end, node.start + 80)).split("\n")[0] ?? "";
    analysis.findings.push({ code, line, text: source.trim() });
  }

  function computed(code: "computed-require" | "computed-import", node: Node, argument: Node | undefined): void {
    found(code, node);
    if (argument) analysis.computed.push({ start: argument.start, end: argument.end });
  }

  function request(specifier: string, kind: ModuleRequest["kind"], node: Node): void {
    analysis.requests.push({ specifier, kind, line: lines(node.start), guarded: tries > 0 || kind === "dynamic" });
    if (specifier.endsWith(".node") || ADDON_FINDERS.has(specifier)) found("native", node);
  }

  function enter(node: Node): void {
    const names = new Map<string, "bound" | "require">();
    for (const [name, inits] of declaredNames(node)) {
      const init = inits.at(-1);
      names.set(name, init && isCreateRequire(init) ? "require" : "bound");
    }
    scopes.push(names);
  }

  /** No call for each level: text that is put together of thousands of pieces is a tree as deep. */
  function walk(): void {
    const waiting: Step[] = [{ node: root, parent: undefined, key: "" }];
    for (let step = waiting.pop(); step; step = waiting.pop()) {
      if ("leave" in step) leave(step.leave);
      else visit(step, waiting);
    }
  }

  function visit({ node, parent, key }: Visit, waiting: Step[]): void {
    const scoped = isFunction(node) || node === root;
    const guarded = parent?.type === "TryStatement" && key === "block";
    if (scoped) enter(node);
    if (isFunction(node)) functions++;
    if (guarded) tries++;
    look(node, parent, key);
    if (scoped || guarded) waiting.push({ leave: { node, scoped, guarded } });
    const inside = [...nodesIn(node)];
    for (let i = inside.length - 1; i >= 0; i--) {
      const [childKey, child] = inside[i] as [string, Node];
      waiting.push({ node: child, parent: node, key: childKey });
    }
  }

  function leave({ node, scoped, guarded }: Leave): void {
    if (guarded) tries--;
    if (isFunction(node)) functions--;
    if (scoped) scopes.pop();
  }

  function look(node: Node, parent: Node | undefined, key: string): void {
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportNamedDeclaration":
      case "ExportAllDeclaration":
        if (node["source"] && node["importKind"] !== "type" && node["exportKind"] !== "type") imported(node);
        return;
      case "TSImportEqualsDeclaration": {
        const reference = node["moduleReference"] as Node;
        const name =
          reference.type === "TSExternalModuleReference" ? literal(reference["expression"] as Node) : undefined;
        if (name !== undefined && node["importKind"] !== "type") request(name, "require", node);
        return;
      }
      case "ImportExpression": {
        const name = literal(node["source"] as Node);
        if (name === undefined) computed("computed-import", node, node["source"] as Node);
        else request(name, "dynamic", node);
        return;
      }
      case "AwaitExpression":
      case "ForOfStatement":
        if (functions === 0 && (node.type === "AwaitExpression" || node["await"] === true)) {
          analysis.topLevelAwait = true;
          found("top-level-await", node);
        }
        return;
      case "MetaProperty":
        if ((node["meta"] as Node)["name"] === "import") importMeta(node, parent);
        return;
      case "NewExpression":
        constructed(node);
        return;
      case "CallExpression":
        called(node);
        if (starterOf && startedBy(node, starterOf, text, analysis, lines)) found("fork", node);
        return;
      case "TaggedTemplateExpression":
        if (starterOf && startedBy(node, starterOf, text, analysis, lines)) found("fork", node);
        return;
      case "Identifier":
        if (!isDeclarationOrKey(node, parent, key) && !bound(node["name"] as string)) identifier(node, parent, key);
        return;
    }
  }

  function imported(node: Node): void {
    const name = literal(node["source"] as Node);
    if (name === undefined) return;
    const specifiers = (node["specifiers"] as Node[] | undefined) ?? [];
    // `import { type A }` alone is erased with the types; TypeScript keeps the import of a value that is only used as one.
    if (specifiers.length > 0 && specifiers.every((s) => s["importKind"] === "type" || s["exportKind"] === "type"))
      return;
    request(name, "import", node);
    if (name === "module" || name === "node:module") {
      const names = specifiers.map((s) => ((s["imported"] as Node | undefined)?.["name"] as string | undefined) ?? "*");
      if (names.some((n) => !SAFE_MODULE_API.has(n))) found("module-api", node);
    }
  }

  function importMeta(node: Node, parent: Node | undefined): void {
    const property =
      parent?.type === "MemberExpression" && parent["object"] === node && parent["computed"] !== true
        ? ((parent["property"] as Node)["name"] as string)
        : undefined;
    if (property === "env") return;
    if (property === "main" && parent) {
      analysis.places.push({ what: "meta-main", start: parent.start, end: parent.end, shorthand: false });
      if (!options.own) found("module-object", node);
      return;
    }
    found("meta-url", parent ?? node);
    if (parent && (property === "url" || property === "dirname" || property === "filename")) {
      analysis.places.push({ what: `meta-${property}`, start: parent.start, end: parent.end, shorthand: false });
    } else if (property === "resolve") found("require-resolve", parent as Node);
    else found("module-object", node);
  }

  function constructed(node: Node): void {
    const callee = nameOf(node["callee"] as Node);
    const args = node["arguments"] as Node[];
    if (callee === "Worker" && /worker_threads|["']threads["']/.test(text)) {
      const target = args[0] ? workerTarget(args[0]) : undefined;
      if (target) analysis.workers.push(target);
      else found("worker", node);
      if (!options.own) found("worker", node);
    } else if (callee === "Function" && args.some((a) => /\brequire\b/.test(text.slice(a.start, a.end))))
      found("eval", node);
  }

  function called(node: Node): void {
    const callee = node["callee"] as Node;
    const args = node["arguments"] as Node[];
    if (callee.type === "Identifier") {
      const name = callee["name"] as string;
      if (name === "require" && !bound("require")) {
        const specifier = args[0] && literal(args[0]);
        if (specifier === undefined) computed("computed-require", node, args[0]);
        else {
          request(specifier, "require", node);
          if (analysis.syntax === "esm" && !options.own) found("require-in-esm", node);
        }
        return;
      }
      if (madeRequire(name)) {
        const specifier = args[0] && literal(args[0]);
        if (specifier === undefined) found("computed-require", node);
        else request(specifier, "own-require", node);
        return;
      }
      if (name === "eval" && !bound("eval")) {
        // A text that is put together around literal pieces shows what it does; a bare variable does not.
        const code = args[0] ? (literal(args[0]) ?? text.slice(args[0].start, args[0].end)) : "";
        if (/quire|import|__dirname|__filename|\bmodule\b|\bexports\b/.test(code) || !/["'`\s(]/.test(code))
          found("eval", node);
        return;
      }
      if (name === "fork" && /child_process/.test(text)) found("fork", node);
      return;
    }
    if (callee.type === "CallExpression" && isCreateRequire(callee)) {
      const specifier = args[0] && literal(args[0]);
      if (specifier === undefined) found("computed-require", node);
      else request(specifier, "own-require", node);
      return;
    }
    if (callee.type !== "MemberExpression" || callee["computed"] === true) return;
    const object = callee["object"] as Node;
    const method = (callee["property"] as Node)["name"] as string;
    const owner = nameOf(object);
    if (method === "resolve" && owner !== undefined && (owner === "require" || madeRequire(owner))) {
      const specifier = args[0] && literal(args[0]);
      found("require-resolve", node);
      if (specifier !== undefined) request(specifier, "resolve", node);
      else found("computed-require", node);
    } else if (owner === "process" && method === "dlopen") found("native", node);
    else if (owner === "process" && ADD_LISTENER.has(method) && /\bSIGTERM\b/.test(text)) {
      const event = args[0] && literal(args[0]);
      if (event === "SIGTERM" || event === undefined) analysis.sigtermLine ??= lines(node.start);
    } else if (method === "enableShutdownHooks") analysis.sigtermLine ??= lines(node.start);
    else if (method === "fork" && /child_process/.test(text) && owner !== "cluster") found("fork", node);
    // yargs: a module of the folder for each command.
    else if (method === "commandDir" && options.own) found("computed-require", node);
    else if (/^setup(?:Primary|Master)$/.test(method) && /\bexec\b/.test(text)) found("fork", node);
  }

  function identifier(node: Node, parent: Node | undefined, key: string): void {
    const name = node["name"] as string;
    const shorthand = parent?.type === "Property" && parent["shorthand"] === true;
    if (name === "__dirname" || name === "__filename") {
      found("dirname", node);
      analysis.places.push({
        what: name === "__dirname" ? "dirname" : "filename",
        start: node.start,
        end: node.end,
        shorthand,
      });
      return;
    }
    if (name === "require") requireName(node, parent, key);
    else if (name === "module") moduleName(node, parent);
  }

  function requireName(node: Node, parent: Node | undefined, key: string): void {
    if (!parent || (parent.type === "UnaryExpression" && parent["operator"] === "typeof")) return;
    if (parent.type === "CallExpression" && key === "callee") return;
    if (parent.type === "MemberExpression" && key === "object" && parent["computed"] !== true) {
      const property = (parent["property"] as Node)["name"] as string;
      if (property === "resolve" || property === "ensure") return;
      if (property === "main") {
        const around = text.slice(Math.max(0, node.start - 16), node.end + 24);
        if (/module\s*!?={2,3}\s*require\.main|require\.main\s*!?={2,3}\s*module\b/.test(around)) {
          analysis.places.push({ what: "main-check", start: parent.start, end: parent.end, shorthand: false });
          return;
        }
        found("module-object", parent);
      } else found("require-cache", parent);
      return;
    }
    found("require-value", node);
  }

  function moduleName(node: Node, parent: Node | undefined): void {
    // In an ES module this name would be the chunk's own `module`, and writing to it would replace the chunk's exports.
    if (
      analysis.syntax === "esm" &&
      !options.own &&
      /^module\.exports\s*(?:\.\w+\s*)?=[^=]/.test(text.slice(node.start, node.start + 80))
    ) {
      found("module-object", node);
    }
    if (parent?.type !== "MemberExpression" || parent["object"] !== node) return;
    const property =
      parent["computed"] === true
        ? literal(parent["property"] as Node)
        : ((parent["property"] as Node)["name"] as string);
    // nodeType: lodash and its kin ask whether `module` is a DOM element.
    if (property === "exports" || property === "hot" || property === "nodeType") return;
    if (property === "parent")
      analysis.places.push({ what: "module-parent", start: parent.start, end: parent.end, shorthand: false });
    found("module-object", parent);
  }

  /** `require("module")` used for more than making a require. */
  function moduleApi(): void {
    if (!/\brequire\s*\(\s*["'](?:node:)?module["']\s*\)/.test(text)) return;
    const safe = [...SAFE_MODULE_API].join("|");
    const rest = text
      .replace(new RegExp(`\\brequire\\s*\\(\\s*["'](?:node:)?module["']\\s*\\)\\s*\\.\\s*(?:${safe})\\b`, "g"), "")
      .replace(
        new RegExp(
          `\\{\\s*(?:(?:${safe})\\s*,?\\s*)+\\}\\s*=\\s*require\\s*\\(\\s*["'](?:node:)?module["']\\s*\\)`,
          "g",
        ),
        "",
      );
    const at = /\brequire\s*\(\s*["'](?:node:)?module["']\s*\)/.exec(rest);
    if (at) analysis.findings.push({ code: "module-api", line: lines(text.indexOf(at[0])), text: at[0] });
  }

  function isCreateRequire(node: Node): boolean {
    if (node.type !== "CallExpression") return false;
    const callee = node["callee"] as Node;
    const name =
      callee.type === "MemberExpression"
        ? ((callee["property"] as Node)["name"] as string)
        : (callee["name"] as string);
    if (name !== "createRequire" && name !== "createRequireFromPath") return false;
    if (!options.own) found("create-require", node);
    return true;
  }

  walk();
  moduleApi();
}

/** `./w.js` of `new URL("./w.js", import.meta.url)`, `path.join(__dirname, "w.js")`, `require.resolve("./w.js")`. */
function workerTarget(node: Node): string | undefined {
  if (node.type === "NewExpression" && nameOf(node["callee"] as Node) === "URL") {
    const [target, base] = node["arguments"] as Node[];
    const property = base?.type === "MemberExpression" ? (base["object"] as Node).type : undefined;
    return target && property === "MetaProperty" ? literal(target) : undefined;
  }
  if (node.type === "CallExpression" && ["join", "resolve"].includes(nameOf(node["callee"] as Node) ?? "")) {
    const [first, ...rest] = node["arguments"] as Node[];
    if (first?.type === "Identifier" && first["name"] === "__dirname") {
      const parts = rest.map(literal);
      if (parts.every((p) => p !== undefined))
        return `./${parts.join("/")}`.replace("./../", "../").replace("././", "./");
    }
  }
  return undefined;
}

function isDeclarationOrKey(_node: Node, parent: Node | undefined, key: string): boolean {
  switch (parent?.type) {
    case "MemberExpression":
      return key === "property" && parent["computed"] !== true;
    case "Property":
      return key === "key" && parent["computed"] !== true && parent["shorthand"] !== true;
    case "MethodDefinition":
    case "PropertyDefinition":
      return key === "key" && parent["computed"] !== true;
    case "LabeledStatement":
    case "BreakStatement":
    case "ContinueStatement":
      return key === "label";
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "MetaProperty":
      return true;
    default:
      // A value inside a type-only construct is none; `x as T`, `x!`, `export = x` and enum initializers hold real ones.
      return (parent?.type.startsWith("TS") ?? false) && key !== "expression" && key !== "initializer";
  }
}
