/** A real client over stdio: the built command line, spoken to in LSP. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const root = join(import.meta.dirname, "../..");
const out = "dist-lsp-test";
let server: ChildProcess;
let client: MessageConnection;

beforeAll(async () => {
  const built = spawnSync(process.execPath, ["scripts/build.mjs", "--no-types", "--out", out], {
    cwd: root,
    encoding: "utf8",
  });
  expect(built.stderr).not.toContain("error");
  server = spawn(process.execPath, [join(root, out, "cli.js"), "lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  client = createMessageConnection(
    new StreamMessageReader(server.stdout as never),
    new StreamMessageWriter(server.stdin as never),
  );
  client.listen();
  await client.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  await client.sendNotification("initialized", {});
});

afterAll(async () => {
  await client.sendRequest("shutdown");
  await client.sendNotification("exit");
  client.dispose();
  server.kill();
  rmSync(join(root, out), { recursive: true, force: true });
});

it("diagnoses, fixes, explains, completes and folds", async () => {
  const uri = "file:///x/Dockerfile";
  const published = new Promise<{ diagnostics: { code: string; range: { start: { line: number } } }[] }>((resolve) => {
    client.onNotification("textDocument/publishDiagnostics", resolve);
  });
  const text = "FROM node:24.11 AS build\nRUN apt update\nFROM debian:13\nUSER 10001\nCMD node s.js\nCO";
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "dockerfile", version: 1, text },
  });
  const { diagnostics } = await published;
  expect(diagnostics.map(({ code }) => code)).toEqual(expect.arrayContaining(["DL3027", "KN030"]));
  expect(diagnostics.find(({ code }) => code === "DL3027")?.range.start.line).toBe(1);

  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } };
  const actions = await client.sendRequest<
    { title: string; edit: { changes: Record<string, { newText: string }[]> } }[]
  >("textDocument/codeAction", { textDocument: { uri }, range, context: { diagnostics: [] } });
  expect(actions.find(({ title }) => title.startsWith("DL3027"))?.edit.changes[uri]?.[0]?.newText).toBe("-get");

  const [all] = await client.sendRequest<typeof actions>("textDocument/codeAction", {
    textDocument: { uri },
    range,
    context: { diagnostics: [], only: ["source.fixAll"] },
  });
  const mended = all?.edit.changes[uri]?.[0]?.newText;
  expect(mended).toBe(text.replace("apt update", "apt-get update").replace("node s.js", '["node", "s.js"]'));

  const hover = await client.sendRequest<{ contents: { value: string } }>("textDocument/hover", {
    textDocument: { uri },
    position: { line: 4, character: 2 },
  });
  expect(hover.contents.value).toContain("Clause S23");

  const names = await client.sendRequest<{ label: string }[]>("textDocument/completion", {
    textDocument: { uri },
    position: { line: 5, character: 2 },
  });
  expect(names.map(({ label }) => label)).toContain("COPY");

  const folds = await client.sendRequest<{ startLine: number; endLine: number }[]>("textDocument/foldingRange", {
    textDocument: { uri },
  });
  expect(folds).toContainEqual({ startLine: 0, endLine: 1 });

  // No path of this machine: judged all the same.
  const elsewhere = "file://server/share/Dockerfile";
  await client.sendNotification("textDocument/didOpen", {
    textDocument: { uri: elsewhere, languageId: "dockerfile", version: 1, text: "FROM scratch\nMAINTAINER me\n" },
  });
  const there = await client.sendRequest<typeof hover>("textDocument/hover", {
    textDocument: { uri: elsewhere },
    position: { line: 1, character: 0 },
  });
  expect(there.contents.value).toContain("DL4000");

  const changed = new Promise<{ diagnostics: unknown[] }>((resolve) => {
    client.onNotification("textDocument/publishDiagnostics", resolve);
  });
  await client.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: `FROM scratch\nUSER 1\nCMD ["/a"]\n` }],
  });
  expect((await changed).diagnostics).toEqual([]);
});

it("completes flags and names of stages in place of what is typed", async () => {
  /** @param typed lines, to where the cursor is */
  const complete = async (typed: string, below = ""): Promise<[label: string, from: number][]> => {
    const uri = "file:///x/typed.Dockerfile";
    const text = `FROM node:24 AS build\n${typed}\n${below}FROM debian:13 AS later\n`;
    const lines = typed.split("\n");
    const position = { line: lines.length, character: lines.at(-1)?.length };
    await client.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "dockerfile", version: 1, text },
    });
    const items = await client.sendRequest<
      { label: string; textEdit: { range: { start: { character: number } }; newText: string } }[]
    >("textDocument/completion", { textDocument: { uri }, position });
    await client.sendNotification("textDocument/didClose", { textDocument: { uri } });
    return items.map(({ label, textEdit }) => [label, textEdit.range.start.character]);
  };
  expect(await complete("COPY --fr")).toContainEqual(["--from=", 5]);
  expect(await complete("COPY --from=bu")).toEqual([["build", 12]]);
  expect(await complete("FROM ")).toEqual([["build", 5]]);
  expect(await complete("ONBUILD CO")).toContainEqual(["COPY", 8]);
  expect(await complete("ONBUILD ")).not.toContainEqual(["FROM", 8]);
  expect(await complete("ONBUILD RUN --mount=type=cache,ta")).toContainEqual(["target=", 31]);
  expect(await complete("COPY --chown=1 \\\n  # why\n  --fr")).toContainEqual(["--from=", 2]);
  expect(await complete("RUN make \\\n  CO", "  a\n")).toEqual([]);
  expect(await complete("# CO")).toEqual([]);
  expect(await complete("RUN <<EOF\nCO", "EOF\n")).toEqual([]);
  expect(await complete("RUN --mount=type=cache,ta")).toContainEqual(["target=", 23]);
  expect(await complete("RUN --mount=type=se")).toContainEqual(["type=secret", 12]);
  expect(await complete("RUN make -")).not.toContainEqual(["--from=", 9]);
});

it("judges a file by the configuration and the .dockerignore beside it, read anew when it is saved", async () => {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-lsp-"));
  try {
    writeFileSync(join(dir, "knbuild.yaml"), "lint: { ignore: [DL3027], rules: { CopyIgnoredFile: error } }\n");
    writeFileSync(join(dir, ".dockerignore"), "notes\n");
    const uri = pathToFileURL(join(dir, "Dockerfile")).href;
    const published = () =>
      new Promise<{ code: string; severity: number }[]>((resolve) => {
        const listener = client.onNotification(
          "textDocument/publishDiagnostics",
          (said: { uri: string; diagnostics: { code: string; severity: number }[] }) => {
            if (said.uri !== uri) return;
            listener.dispose();
            resolve(said.diagnostics);
          },
        );
      });
    const opened = published();
    const text = "FROM debian:13\nRUN apt update\nCOPY notes /notes\n";
    const textDocument = { uri, languageId: "dockerfile", version: 1, text };
    await client.sendNotification("textDocument/didOpen", { textDocument });
    const first = await opened;
    expect(first.map(({ code }) => code)).not.toContain("DL3027");
    expect(first.find(({ code }) => code === "CopyIgnoredFile")?.severity).toBe(1);
    rmSync(join(dir, "knbuild.yaml"));
    const saved = published();
    await client.sendNotification("textDocument/didSave", { textDocument: { uri } });
    expect((await saved).map(({ code }) => code)).toContain("DL3027");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
