/** git's own server over HTTP (git-http-backend(1)) for the bare repositories below a directory. */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";

/** Passes a request on to it. */
export function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  const backend = spawn("git", ["http-backend"], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: (request.headers["git-protocol"] as string | undefined) ?? "",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  backend.stdin.on("error", () => {});
  request.pipe(backend.stdin);
  let head = "";
  backend.stdout.on("data", function start(chunk: Buffer) {
    head += chunk.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    backend.stdout.off("data", start);
    const fields = head.slice(0, end).split("\r\n");
    const headers = fields.map((line) => line.split(/:\s*(.*)/s, 2) as [string, string]);
    const status = headers.find(([name]) => name === "Status")?.[1] ?? "200";
    response.writeHead(Number.parseInt(status, 10), Object.fromEntries(headers.filter(([name]) => name !== "Status")));
    response.write(Buffer.from(head.slice(end + 4), "latin1"));
    backend.stdout.pipe(response);
  });
}

/** A bare repository `NAME.git`: a tag `v1` with a link, a program and a directory, and a commit after it on `main`. */
export function makeRepository(root: string, name: string): void {
  const work = join(root, name);
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=n", "-c", "user.email=a@b.c", ...args], { cwd: work, stdio: "pipe" });
  mkdirSync(join(work, "sub/deep"), { recursive: true });
  git("init", "--quiet", "--initial-branch=main");
  writeFileSync(join(work, "a.txt"), "a\n", { mode: 0o600 });
  writeFileSync(join(work, "sub/run.sh"), "#!/bin/sh\n", { mode: 0o700 });
  writeFileSync(join(work, "sub/deep/b"), "b\n");
  symlinkSync("a.txt", join(work, "link"));
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  git("tag", "v1");
  writeFileSync(join(work, "later.txt"), "later\n");
  git("add", ".");
  git("commit", "--quiet", "-m", "two");
  execFileSync("git", ["clone", "--quiet", "--bare", work, join(root, `${name}.git`)], { stdio: "pipe" });
}
