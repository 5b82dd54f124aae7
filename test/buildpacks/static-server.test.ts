import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { templatePath } from "../../src/base/package-root.ts";
import { copyFilter } from "../../src/engines/copy-filter.ts";
import { BESIDE_THE_SITE } from "../../src/source/staticfile.ts";

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

interface Running {
  port: number;
  child: ChildProcess;
  exit: Promise<number | null>;
  get(path: string, headers?: Record<string, string>, method?: string, body?: string): Promise<Answer>;
}

const dirs: string[] = [];
const running: Running[] = [];
afterAll(() => {
  for (const { child } of running) child.kill("SIGKILL");
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

function directory(files: Record<string, string | Buffer>): string {
  const root = mkdtempSync(join(tmpdir(), "knbuild-site-"));
  dirs.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

async function start(template: string, args: string[]): Promise<Running> {
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
  const child = spawn(process.execPath, [templatePath("runtime", template), ...args], {
    env: { ...process.env, PORT: String(port) },
    stdio: "pipe",
  });
  const exit = new Promise<number | null>((resolve) => child.on("exit", resolve));
  await new Promise((resolve, reject) => {
    child.stdout?.once("data", resolve);
    child.on("exit", (code) => reject(new Error(`exited with ${code}`)));
  });
  const server: Running = {
    port,
    child,
    exit,
    // A raw path: a URL object would take `..` away before it is sent.
    get: (path, headers = {}, method = "GET", body) =>
      new Promise((resolve, reject) => {
        const call = request({ port, path, method, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
          );
        });
        call.on("error", reject);
        call.end(body);
      }),
  };
  running.push(server);
  return server;
}

describe("static server", () => {
  let site: Running;
  beforeAll(async () => {
    const root = directory({
      "index.html": "<h1>home</h1>",
      "404.html": "lost",
      "about.html": "about",
      "docs/index.html": "docs",
      "assets/app-B7x9Qk2z.js": "run()",
      "plain.js": "plain()",
      "big.css": "a{}".repeat(1000),
      "big.css.gz": gzipSync("a{}".repeat(1000)),
      "ü n.txt": "unicode",
      ".secret": "no",
      ".well-known/x.json": "{}",
    });
    symlinkSync("/etc/hostname", join(root, "leak"));
    site = await start("static-server.cjs", [root]);
  });

  it.each([
    ["/", 200, "<h1>home</h1>", "text/html; charset=utf-8"],
    ["/about", 200, "about", "text/html; charset=utf-8"],
    ["/docs/", 200, "docs", "text/html; charset=utf-8"],
    ["/plain.js?x=1", 200, "plain()", "text/javascript; charset=utf-8"],
    ["/%C3%BC%20n.txt", 200, "unicode", "text/plain; charset=utf-8"],
    ["/.well-known/x.json", 200, "{}", "application/json; charset=utf-8"],
    ["/nowhere", 404, "lost", "text/html; charset=utf-8"],
    ["/.secret", 400, "Bad request\n", "text/plain; charset=utf-8"],
    ["/leak", 404, "lost", "text/html; charset=utf-8"],
    ["/../../etc/passwd", 400, "Bad request\n", "text/plain; charset=utf-8"],
    ["/%2e%2e/%2e%2e/etc/passwd", 400, "Bad request\n", "text/plain; charset=utf-8"],
    ["/a%00b", 400, "Bad request\n", "text/plain; charset=utf-8"],
    ["/%zz", 400, "Bad request\n", "text/plain; charset=utf-8"],
  ])("%s answers %i", async (path, status, body, type) => {
    const answer = await site.get(path);
    expect([answer.status, answer.body.toString(), answer.headers["content-type"]]).toEqual([status, body, type]);
  });

  it("sends directories to their slash, and knows only GET and HEAD", async () => {
    expect(await site.get("/docs?a=b")).toMatchObject({ status: 301, headers: { location: "/docs/?a=b" } });
    expect(await site.get("/", {}, "POST", "x")).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
    const head = await site.get("/about", {}, "HEAD");
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([200, "5", 0]);
  });

  it("caches what bears a hash for ever, the rest by its content", async () => {
    expect((await site.get("/assets/app-B7x9Qk2z.js")).headers["cache-control"]).toBe(
      "public, max-age=31536000, immutable",
    );
    const first = await site.get("/plain.js");
    expect(first.headers["cache-control"]).toBe("no-cache");
    const again = await site.get("/plain.js", { "If-None-Match": `"other", W/${first.headers["etag"]}` });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  it("gives ranges, and refuses one that cannot be met", async () => {
    const part = await site.get("/plain.js", { Range: "bytes=1-3" });
    expect([part.status, part.body.toString(), part.headers["content-range"]]).toEqual([206, "lai", "bytes 1-3/7"]);
    expect((await site.get("/plain.js", { Range: "bytes=-2" })).body.toString()).toBe("()");
    expect(await site.get("/plain.js", { Range: "bytes=9-" })).toMatchObject({
      status: 416,
      headers: { "content-range": "bytes */7" },
    });
    expect((await site.get("/plain.js", { Range: "bytes=0-1", "If-Range": '"old"' })).status).toBe(200);
  });

  it("sends what was compressed beforehand to whom it suits", async () => {
    const packed = await site.get("/big.css", { "Accept-Encoding": "br, gzip" });
    expect([packed.headers["content-encoding"], packed.headers["vary"], packed.headers["content-type"]]).toEqual([
      "gzip",
      "Accept-Encoding",
      "text/css; charset=utf-8",
    ]);
    expect(gunzipSync(packed.body).toString()).toBe("a{}".repeat(1000));
    const plain = await site.get("/big.css", { "Accept-Encoding": "gzip;q=0" });
    expect([plain.headers["content-encoding"], plain.body.length, plain.headers["vary"]]).toEqual([
      undefined,
      3000,
      "Accept-Encoding",
    ]);
    expect(packed.headers["etag"]).not.toBe(plain.headers["etag"]);
  });

  it("finishes what it is sending and exits 0 on SIGTERM", async () => {
    const root = directory({ "big.bin": Buffer.alloc(40_000_000, 7) });
    const server = await start("static-server.cjs", [root]);
    let size = 0;
    const done = new Promise<void>((resolve, reject) => {
      request({ port: server.port, path: "/big.bin" }, (response) => {
        response.once("readable", () => {
          server.child.kill("SIGTERM");
          setTimeout(() => {
            response.on("data", (chunk) => {
              size += chunk.length;
            });
          }, 200);
        });
        response.on("end", resolve);
        response.on("error", reject);
      }).end();
    });
    await done;
    expect(size).toBe(40_000_000);
    expect(await Promise.race([server.exit, sleep(5000, "still there")])).toBe(0);
  });
});

it("a single-page app's index answers its routes, not its missing files", async () => {
  const spa = await start("static-server.cjs", [directory({ "index.html": "app" }), "--spa"]);
  expect((await spa.get("/users/7")).body.toString()).toBe("app");
  expect((await spa.get("/missing.js")).status).toBe(404);
});

it("the fetch server serves a handler, the client's files, and stops", async () => {
  const root = directory({
    "app.mjs":
      "export default { fetch: async (request) => new Response(request.method + ' ' + new URL(request.url).pathname + ' ' + (await request.text()), { status: 201, headers: [['set-cookie', 'a=1'], ['set-cookie', 'b=2'], ['x-host', new URL(request.url).host]] }) };",
    "client/app-B7x9Qk2z.css": "p{}",
  });
  const server = await start("fetch-server.mjs", [join(root, "app.mjs"), "--static", join(root, "client")]);
  const answer = await server.get("/a/b?c", { Host: "x.test" }, "POST", "body");
  expect([answer.status, answer.body.toString(), answer.headers["set-cookie"], answer.headers["x-host"]]).toEqual([
    201,
    "POST /a/b body",
    ["a=1", "b=2"],
    "x.test",
  ]);
  expect(await server.get("/app-B7x9Qk2z.css")).toMatchObject({
    status: 200,
    headers: { "content-type": "text/css; charset=utf-8" },
  });
  expect((await server.get("/../app.mjs")).body.toString()).not.toContain("export default");
  server.child.kill("SIGTERM");
  expect(await Promise.race([server.exit, sleep(5000, "still there")])).toBe(0);
});

it.each([
  ["a port", "export default createServer(answer);"],
  [
    "an object, localhost unless told",
    "const server = createServer(answer);\nexport default { inject() {}, server, listen: ({ port, host = 'localhost' }) => new Promise((done) => server.listen(port, host, done)) };",
  ],
])("the fetch server lets an exported app listen whose listen() takes %s", async (_name, exported) => {
  const root = directory({
    "app.mjs": `import { createServer } from "node:http";\nconst answer = (request, response) => response.end(request.socket.localAddress);\n${exported}`,
  });
  const server = await start("fetch-server.mjs", [join(root, "app.mjs")]);
  expect((await server.get("/")).body.toString()).toMatch(/127\.0\.0\.1$/);
  // Without the image's preload too, and though the app has no handler: not by the signal.
  server.child.kill("SIGTERM");
  expect(await server.exit).toBe(0);
});

it("arguments get their variables without a shell", async () => {
  const root = directory({ "show.cjs": "console.log(JSON.stringify(process.argv.slice(2)), require.main === module)" });
  const child = spawn(
    process.execPath,
    [
      "--require",
      templatePath("runtime", "expand-args.cjs"),
      join(root, "show.cjs"),
      "-p",
      "$PORT",
      "${NAME:-none}",
      "--host=${HOST_NAME}",
      "cost$",
    ],
    { env: { PATH: process.env["PATH"], PORT: "1234", HOST_NAME: "h" } },
  );
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  expect(text.trim()).toBe('["-p","1234","none","--host=h","cost$"] true');
});

it("a site in the project's own directory is published without what builds it", () => {
  const { wanted, prunes } = copyFilter(["**"], BESIDE_THE_SITE);
  const tools = [
    "yarn.lock",
    "webpack.config.js",
    "vite.prod.config.ts",
    ".github/ci.yml",
    ".eslintrc",
    "tsconfig.app.json",
  ];
  expect(tools.filter(wanted)).toEqual([]);
  const site = [
    ".well-known/security.txt",
    "index.html",
    "src/main.js",
    "app.config.js",
    "js/yarn.lock.js",
    "a/Dockerfile",
  ];
  expect(site.filter(wanted)).toEqual(site);
  expect([".well-known", "src"].filter(prunes)).toEqual([]);
});
