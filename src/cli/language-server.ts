/** The language server: diagnostics while typing, quick fixes, hover, completion, folding. Speaks LSP over stdio. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  createConnection,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type FoldingRange,
  MarkupKind,
  MessageType,
  type Position,
  ProposedFeatures,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { ruleIds } from "../check/run.ts";
import type { Finding, Region, Severity } from "../check/types.ts";
import { findClause } from "../contract/clauses.ts";
import { stageName } from "../dockerfile/image-name.ts";
import { INSTRUCTION_NAMES, NOT_TRIGGERS } from "../dockerfile/instruction.ts";
import { MOUNT_TYPES, readMount } from "../dockerfile/mounts.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { FLAGS } from "../dockerfile/validate.ts";
import { dockerfileRules } from "../generated/dockerfileRules.ts";
import { readIgnoreFile } from "../pipeline/lint-files.ts";
import { type LintedText, type LintTextOptions, lintText } from "../pipeline/lint-text.ts";
import { mendText } from "../pipeline/mend-text.ts";
import { type LintConfigs, lintConfigs } from "../pipeline/nearest-lint-config.ts";

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Serves until the client leaves or the signal is aborted. */
export async function serveLanguage(signal: AbortSignal): Promise<void> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const documents = new TextDocuments(TextDocument);
  const linted = new Map<string, { version: number; result: LintedText }>();

  // Configurations are read anew when a file is opened or saved, not at every key.
  let configs = lintConfigs(process.cwd(), undefined);
  const readAnew = (): void => {
    configs = lintConfigs(process.cwd(), undefined);
    linted.clear();
  };

  const optionsFor = async (uri: string) => ({ file: uri, ...(await surroundings(uri, configs, connection)) });

  const judge = async (document: TextDocument): Promise<LintedText> => {
    const { uri, version } = document;
    const known = linted.get(uri);
    if (known?.version === version) return known.result;
    const result = lintText(document.getText(), await optionsFor(uri));
    linted.set(uri, { version, result });
    return result;
  };

  const publish = async (document: TextDocument): Promise<void> => {
    const { uri, version } = document;
    const diagnostics = (await judge(document)).findings.map(toDiagnostic);
    if (document.version === version) await connection.sendDiagnostics({ uri, version, diagnostics });
  };

  connection.onInitialize(() => ({
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
      hoverProvider: true,
      completionProvider: { triggerCharacters: ["-", "=", ","] },
      foldingRangeProvider: true,
    },
    serverInfo: { name: "knbuild" },
  }));

  documents.onDidOpen(readAnew);
  documents.onDidSave(({ document }) => {
    readAnew();
    void publish(document);
  });
  documents.onDidChangeContent(({ document }) => void publish(document));
  documents.onDidClose(({ document }) => {
    linted.delete(document.uri);
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });

  /** What an editor does on saving, where its user asked for it. */
  const fixAll = async (document: TextDocument): Promise<CodeAction[]> => {
    const before = document.getText();
    const options = { ...(await optionsFor(document.uri)), allMendable: true };
    const { text } = mendText(before, document.uri, (one) => lintText(one, options));
    if (text === before) return [];
    const range = { start: document.positionAt(0), end: document.positionAt(before.length) };
    const edit = { changes: { [document.uri]: [{ range, newText: text }] } };
    return [{ title: "Make all safe fixes", kind: FIX_ALL, edit }];
  };

  connection.onCodeAction(async ({ textDocument, range, context: { only } }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return [];
    const actions = only?.some((kind) => isWithin(FIX_ALL, kind)) ? await fixAll(document) : [];
    if (only && !only.some((kind) => isWithin(CodeActionKind.QuickFix, kind))) return actions;
    for (const finding of (await judge(document)).findings) {
      const place = toRange(finding.location.region);
      if (place.end.line < range.start.line || place.start.line > range.end.line) continue;
      for (const fix of finding.fixes ?? []) {
        const edits = fix.edits.map((edit) => ({
          range: { start: document.positionAt(edit.start), end: document.positionAt(edit.end) },
          newText: edit.newText,
        }));
        actions.push({
          title: `${finding.rule}: ${fix.description}`,
          kind: CodeActionKind.QuickFix,
          isPreferred: fix.safe,
          diagnostics: [toDiagnostic(finding)],
          edit: { changes: { [document.uri]: edits } },
        });
      }
    }
    return actions;
  });

  connection.onHover(async ({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return null;
    const here = (await judge(document)).findings.filter(({ location }) => {
      const { start, end } = toRange(location.region);
      return position.line >= start.line && position.line <= end.line;
    });
    if (here.length === 0) return null;
    return { contents: { kind: MarkupKind.Markdown, value: here.map(hoverText).join("\n\n---\n\n") } };
  });

  connection.onCompletion(({ textDocument, position }) => {
    const document = documents.get(textDocument.uri);
    if (!document) return [];
    const line = typedOf(document.getText(), position.line + 1, document.offsetAt(position));
    return line === undefined ? [] : completions(line, position, document.getText());
  });

  connection.onFoldingRanges(({ textDocument }) => {
    const document = documents.get(textDocument.uri);
    return document ? stageFolds(document.getText()) : [];
  });

  documents.listen(connection);
  connection.listen();
  await new Promise<void>((left) => {
    connection.onExit(left);
    process.stdin.once("end", left);
    signal.addEventListener("abort", () => left(), { once: true });
  });
}

/** Of a name of its own, so that it can be asked for apart from other servers'. */
const FIX_ALL = `${CodeActionKind.SourceFixAll}.knbuild`;

/** Kinds are paths: `source` asks for `source.fixAll.knbuild`, too, and the empty one for all. */
function isWithin(kind: string, asked: string): boolean {
  return `${kind}.`.startsWith(asked && `${asked}.`);
}

/** The configuration of a file, and the `.dockerignore` beside it. What is not on disk yet is where the server runs. */
async function surroundings(
  uri: string,
  configs: LintConfigs,
  connection: Connection,
): Promise<Partial<LintTextOptions>> {
  const path = pathOf(uri);
  try {
    return { ...(await configs.judging(path)), dockerignore: readIgnoreFile(path, new Map()) };
  } catch (error) {
    // No request, which a client may refuse: there is nothing to choose.
    const message = `knbuild: ${(error as Error).message}`;
    await connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
    return {};
  }
}

function pathOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch {
    // Not saved yet, or another machine's.
    return resolve("Dockerfile");
  }
}

function toDiagnostic(finding: Finding): Diagnostic {
  return {
    range: toRange(finding.location.region),
    severity: SEVERITIES[finding.severity],
    source: "knbuild",
    code: finding.rule,
    message: finding.message,
    ...(finding.rule === "KN101" && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

function toRange(region: Region | undefined) {
  const { startLine = 1, startColumn = 1, endLine = 1, endColumn = 1 } = region ?? {};
  return {
    start: { line: startLine - 1, character: startColumn - 1 },
    end: { line: endLine - 1, character: endColumn - 1 },
  };
}

function hoverText(finding: Finding): string {
  const rule = dockerfileRules.find((one) => ruleIds(one).includes(finding.rule));
  const clause = rule?.clause ? findClause(rule.clause) : undefined;
  return [
    `**${finding.rule}** ${finding.message}`,
    ...(rule ? [rule.help] : []),
    ...(clause ? [`Clause ${clause.id} (${clause.level}): ${clause.text}`] : []),
  ].join("\n\n");
}

/** The instruction up to where somebody types, on one line; undefined in comments and heredocs. */
function typedOf(text: string, line: number, offset: number): string | undefined {
  const typed = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  if (/^\s*#/.test(typed)) return undefined;
  const { instructions } = parseDockerfile(text);
  const continued = instructions.find(({ startLine, endLine }) => startLine < line && line <= endLine);
  if (!continued) return typed;
  const heredoc = continued.heredocs[0];
  if (heredoc && offset >= heredoc.contentSpan.start) return undefined;
  const lines = text.slice(continued.span.start, offset).split("\n");
  return lines
    .filter((one, i) => i === 0 || !/^\s*#/.test(one))
    .map((one, i, all) => (i === all.length - 1 ? one : one.trimEnd().slice(0, -1)))
    .join(" ");
}

/** Instructions at the start of a line, flags after `-`, names of stages after `--from=` and FROM. */
function completions(line: string, end: Position, text: string): CompletionItem[] {
  const words = line.trimStart().split(/\s+/);
  const last = words.at(-1) ?? "";
  const nested = words[0]?.toLowerCase() === "onbuild" && words.length > 1 ? words.slice(1) : words;
  /** What is typed goes whole: editors' own words end at `-`. */
  const items = (labels: readonly string[], kind: CompletionItemKind, typed = last): CompletionItem[] =>
    labels.map((label) => ({
      label,
      kind,
      textEdit: {
        range: { start: { line: end.line, character: end.character - typed.length }, end },
        newText: label,
      },
    }));
  if (nested.length === 1) {
    const lower = last !== "" && last === last.toLowerCase();
    const possible = nested === words ? INSTRUCTION_NAMES : INSTRUCTION_NAMES.filter((name) => !NOT_TRIGGERS.has(name));
    const names = possible.map((name) => (lower ? name : name.toUpperCase()));
    return items(names, CompletionItemKind.Keyword);
  }
  const instruction = nested[0]?.toLowerCase() ?? "";
  const from = /^--from=(.*)$/.exec(last)?.[1];
  if (from !== undefined || (instruction === "from" && nested.length === 2 && !last.startsWith("-")))
    return items(stagesBefore(text, end.line), CompletionItemKind.Reference, from ?? last);
  const mount = instruction === "run" ? /^--mount=(?:.*,)?([^,]*)$/.exec(last)?.[1] : undefined;
  if (mount !== undefined) return items(mountWords(last, mount), CompletionItemKind.Property, mount);
  if (!last.startsWith("-")) return [];
  const flags = Object.entries(FLAGS[instruction] ?? {});
  return items(
    flags.map(([name, kind]) => `--${name}${kind === "boolean" ? "" : "="}`),
    CompletionItemKind.Property,
  );
}

/** What may follow in `--mount=…,`: types after `type=`, else keys that are not there yet. */
function mountWords(flag: string, typed: string): string[] {
  if (typed.startsWith("type=")) return MOUNT_TYPES.map((type) => `type=${type}`);
  const { options } = readMount(flag.slice("--mount=".length));
  return MOUNT_KEYS.filter((key) => !Object.hasOwn(options, key) || key === typed).map((key) => `${key}=`);
}

const MOUNT_KEYS = [
  "type",
  "target",
  "source",
  "from",
  "id",
  "sharing",
  "mode",
  "uid",
  "gid",
  "size",
  "required",
  "env",
];

/** Names of the stages above a line, counted from 0. */
function stagesBefore(text: string, line: number): string[] {
  return parseDockerfile(text).instructions.flatMap((instruction) => {
    const name = instruction.name === "from" ? stageName(instruction)?.value : undefined;
    return name !== undefined && instruction.startLine <= line ? name : [];
  });
}

/** One fold a stage, one for each instruction of several lines. */
function stageFolds(text: string): FoldingRange[] {
  const { instructions } = parseDockerfile(text);
  const folds: FoldingRange[] = [];
  let stage: number | undefined;
  let end = 0;
  for (const instruction of instructions) {
    if (instruction.name === "from") {
      if (stage !== undefined && end > stage) folds.push({ startLine: stage - 1, endLine: end - 1 });
      stage = instruction.startLine;
    } else if (instruction.endLine > instruction.startLine) {
      folds.push({ startLine: instruction.startLine - 1, endLine: instruction.endLine - 1 });
    }
    end = instruction.endLine;
  }
  if (stage !== undefined && end > stage) folds.push({ startLine: stage - 1, endLine: end - 1 });
  return folds;
}
