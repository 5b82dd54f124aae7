/**
 * Reads one file with oxc: its module requests and everything that a bundle could break. Most files of most packages hold
 * nothing but literal requires; for those a scan of the text and oxc's module record are enough, and no tree is built.
 */
import type { ParseResult } from "oxc-parser";
import { parseScript } from "../base/ecmascript.ts";
import { lineAt, lineStarts } from "../base/lines.ts";
import type { FileAnalysis, ModuleRequest } from "./analysis.ts";
import { ADDON_FINDERS, readTree } from "./analyze-tree.ts";
import { goneApi } from "./gone-apis.ts";
import { sourceNames } from "./named-sources.ts";

export interface AnalyzeOptions {
  /** Nearest package.json says `type: module`. */
  moduleScope: boolean;
  /** The app's own file: look at everything, always. */
  own: boolean;
}

const LITERAL_REQUIRE = /\brequire\s*\(\s*(["'`])([^"'`$\\\n]+)\1\s*\)/g;
const SUSPICIOUS =
  /\b(?:__dirname|__filename|require|eval|dlopen|Worker|fork|SIGTERM)\b|import\s*\.\s*meta|\bmodule\s*(?:\.\s*(?!exports\b)\w|\[)|["'](?:node:)?module["']|\.node["'`]/;
const READS_FILES =
  /\b(?:readFile|readFileSync|createReadStream|readdir|readdirSync|opendir|existsSync|openSync|statSync|sendFile|sendfile|render|loadSync|loadPackageDefinition|serveStatic|cwd)\b|\.static\s*\(|\bstatic\b.*\broot\b|["']views["']|\broot\s*:/;

/** How a package finds the app's files without being told: Total.js looks for controllers/ where the program was started. */
const LOOKS_AROUND = [
  ["working-directory", /\bprocess\.cwd\(\)|\brequire\.main\.(?:filename|path)\b|\bprocess\.mainModule\b/],
  ["names", /\breaddir(?:Sync)?\b|\bopendir(?:Sync)?\b/],
] as const;

/** `String(type).startsWith("class ")`, `type.toString().indexOf("class ")`. */
const READS_CLASS_TEXT =
  /(?:\bString\(\s*[\w$.]+\s*\)|\.toString\(\)|\btoString\.call\(\s*[\w$.]+\s*\))\s*\.\s*(?:startsWith|indexOf|slice|substr(?:ing)?)\(\s*(?:["'`]class ["'`]|0\s*,\s*6\s*\)\s*===?\s*["'`]class )/;
/** `/^class\s/.test(…)`: what comes behind the word has to be a space. */
const CLASS_PATTERN = /\/\^(?:\\s\*)?\(?(?:\?:)?class(?:\\s[+/]?| )/;

function readsClassText(text: string): boolean {
  return READS_CLASS_TEXT.test(text) || (CLASS_PATTERN.test(text) && /\btoString\b|\bString\(/.test(text));
}

export function analyzeFile(path: string, text: string, options: AnalyzeOptions): FileAnalysis {
  const parsed = parse(path, text, options);
  const analysis = readFile(parsed, path, text, options);
  const gone = goneApi(text, analysis.requests, () => parsed.program);
  return gone === undefined ? analysis : { ...analysis, goneApi: gone };
}

function isModule(path: string, options: AnalyzeOptions): boolean {
  return /\.mjs$|\.mts$/.test(path) || (options.moduleScope && /\.[jt]sx?$/.test(path));
}

function parse(path: string, text: string, options: AnalyzeOptions): ParseResult {
  const looksEsm =
    /\.[cm]?tsx?$|\.jsx$/.test(path) ||
    /^\s*(?:import|export)\b|[;}]\s*(?:import|export)\b|\bimport\s*\.\s*meta|\bawait\b/m.test(text);
  const as = (sourceType: "module" | "unambiguous" | "commonjs") =>
    parseScript(path, text, { sourceType, preserveParens: false });
  if (isModule(path, options)) return as("module");
  const parsed = as(looksEsm && !/\.cjs$/.test(path) ? "unambiguous" : "commonjs");
  if (parsed.errors.length === 0) return parsed;
  const again = as("commonjs");
  if (again.errors.length === 0) return again;
  const asModule = as("module");
  return asModule.errors.length === 0 ? asModule : parsed;
}

function readFile(parsed: ParseResult, path: string, text: string, options: AnalyzeOptions): FileAnalysis {
  const module = parsed.module;
  const esm = isModule(path, options) || module.hasModuleSyntax;
  const looksAround = options.own ? [] : LOOKS_AROUND.filter(([, words]) => words.test(text)).map(([what]) => what);
  const analysis: FileAnalysis = {
    syntax: esm ? "esm" : "cjs",
    topLevelAwait: false,
    hasDefaultExport: module.staticExports.some((e) =>
      e.entries.some((x) => x.exportName.kind === "Default" || x.exportName.name === "default"),
    ),
    ...(module.staticExports.some((e) =>
      e.entries.some((x) => x.exportName.name === "module.exports" || x.importName.kind === "AllButDefault"),
    ) && { maySayWhatRequireGets: true }),
    requests: [],
    findings: [],
    places: [],
    computed: [],
    workers: [],
    readsFiles: options.own && READS_FILES.test(text),
    ...(readsClassText(text) && { readsClassText: true }),
    ...(looksAround.length > 0 && { looksAround }),
  };
  const lines = createLineCounter(text);
  const names = options.own ? sourceNames(text, lines) : [];
  if (names.length > 0) analysis.sourceNames = names;
  if (parsed.errors.length > 0) {
    const first = parsed.errors[0];
    analysis.findings.push({
      code: "unparsable",
      line: lines(first?.labels[0]?.start ?? 0),
      text: first?.message ?? "",
    });
    return analysis;
  }
  const literal: { start: number; specifier: string }[] = [];
  const rest = text.replace(LITERAL_REQUIRE, (_whole, _quote, specifier: string, start: number) => {
    literal.push({ start, specifier });
    return "";
  });
  const computedImport = module.dynamicImports.some(
    (i) => literalText(text.slice(i.moduleRequest.start, i.moduleRequest.end)) === undefined,
  );
  const esmRequire = esm && !options.own && literal.length > 0;
  const writesModule = esm && /\bmodule\.exports\b/.test(rest);
  const awaits = esm && /\bawait\b/.test(rest);
  if (
    options.own ||
    computedImport ||
    esmRequire ||
    writesModule ||
    awaits ||
    SUSPICIOUS.test(rest) ||
    literal.some((l) => needsCare(l.specifier))
  ) {
    readTree(parsed.program, text, lines, analysis, options);
    return analysis;
  }
  const comments = literal.length > 0 ? parsed.comments : [];
  const requests: ModuleRequest[] = analysis.requests;
  for (const { start, specifier } of literal) {
    if (comments.some((c) => c.start <= start && start < c.end)) continue;
    requests.push({ specifier, kind: "require", line: lines(start), guarded: false });
  }
  for (const one of module.staticImports) {
    requests.push({ specifier: one.moduleRequest.value, kind: "import", line: lines(one.start), guarded: false });
  }
  for (const one of module.staticExports) {
    const from = one.entries.find((e) => e.moduleRequest)?.moduleRequest;
    if (from) requests.push({ specifier: from.value, kind: "import", line: lines(one.start), guarded: false });
  }
  for (const one of module.dynamicImports) {
    const specifier = literalText(text.slice(one.moduleRequest.start, one.moduleRequest.end));
    if (specifier !== undefined) requests.push({ specifier, kind: "dynamic", line: lines(one.start), guarded: true });
  }
  return analysis;
}

/** Modules that say something about the one who asks for them. */
function needsCare(specifier: string): boolean {
  return specifier.endsWith(".node") || ADDON_FINDERS.has(specifier) || /^(?:node:)?module$/.test(specifier);
}

function literalText(source: string): string | undefined {
  return /^(["'`])([^"'`$\\\n]*)\1$/.exec(source.trim())?.[2];
}

/** Offset → 1-based line; the table is made at the first question. */
export function createLineCounter(text: string): (offset: number) => number {
  let starts: number[] | undefined;
  return (offset) => lineAt((starts ??= lineStarts(text)), offset);
}
