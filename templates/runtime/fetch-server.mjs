// Serves a module that exports a fetch handler (`export default app`, `export default { fetch }`) with node:http, or an app of
// a framework's that nothing tells to listen.
// Usage: node fetch-server.mjs MODULE [--static DIRECTORY]. Port from PORT (8080). Files of DIRECTORY answer first.
import { createReadStream, realpathSync, statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";

const [entry, ...rest] = process.argv.slice(2);
const files = rest.includes("--static") ? realpathSync(rest[rest.indexOf("--static") + 1]) : undefined;
const loaded = await import(pathToFileURL(path.resolve(entry)).href);
const handler = [loaded.default, loaded.default?.default, loaded.app, loaded.server, loaded].find(
  (value) => typeof value?.fetch === "function" || typeof value?.listen === "function" || typeof value === "function",
);
if (handler === undefined) {
  process.stderr.write(`${entry} exports no fetch handler\n`);
  process.exit(1);
}
const port = Number(process.env.PORT || 8080);
const fetchHandler = typeof handler.fetch === "function" ? handler.fetch.bind(handler) : handler;
const TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  map: "application/json; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/x-icon",
  woff: "font/woff",
  woff2: "font/woff2",
  ttf: "font/ttf",
  txt: "text/plain; charset=utf-8",
  xml: "application/xml; charset=utf-8",
  webmanifest: "application/manifest+json",
  wasm: "application/wasm",
  pdf: "application/pdf",
};

function staticFile(url) {
  if (files === undefined) return undefined;
  try {
    const wanted = decodeURIComponent(url.split(/[?#]/, 1)[0]);
    if (wanted.includes("\0") || wanted.split("/").some((part) => part.startsWith(".") && part !== ".well-known"))
      return undefined;
    const real = realpathSync(path.join(files, wanted));
    const stats = statSync(real);
    return real.startsWith(files + path.sep) && stats.isFile() ? { path: real, size: stats.size } : undefined;
  } catch {
    return undefined;
  }
}

async function answer(request, response) {
  const file = request.method === "GET" || request.method === "HEAD" ? staticFile(request.url) : undefined;
  if (file) {
    const hashed = /[.-](?=[A-Za-z0-9_-]*[0-9A-Z])[A-Za-z0-9_-]{8,}\.(?!html?$)\w+$/.test(file.path);
    response.writeHead(200, {
      "Content-Type": TYPES[path.extname(file.path).slice(1).toLowerCase()] ?? "application/octet-stream",
      "Content-Length": file.size,
      "Cache-Control": hashed ? "public, max-age=31536000, immutable" : "no-cache",
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file.path).pipe(response);
    return;
  }
  const scheme = String(request.headers["x-forwarded-proto"] ?? "http")
    .split(",")[0]
    .trim();
  const url = new URL(request.url, `${scheme}://${request.headers.host ?? "localhost"}`);
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    headers.append(request.rawHeaders[i], request.rawHeaders[i + 1]);
  const abort = new AbortController();
  response.on("close", () => response.writableFinished || abort.abort());
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const result = await fetchHandler(
    new Request(url, {
      method: request.method,
      headers,
      signal: abort.signal,
      ...(hasBody && { body: Readable.toWeb(request), duplex: "half" }),
    }),
    process.env,
    { waitUntil: (promise) => void Promise.resolve(promise).catch(report), passThroughOnException() {} },
  );
  const outgoing = {};
  for (const [name, value] of result.headers) if (name !== "set-cookie") outgoing[name] = value;
  const cookies = result.headers.getSetCookie();
  if (cookies.length > 0) outgoing["set-cookie"] = cookies;
  response.writeHead(result.status, result.statusText || undefined, outgoing);
  if (result.body === null || request.method === "HEAD") response.end();
  else
    Readable.fromWeb(result.body)
      .on("error", () => response.destroy())
      .pipe(response);
}

function report(error) {
  process.stderr.write(`${error?.stack ?? error}\n`);
}

const listening = () => process.stdout.write(`listening on port ${port}\n`);
// Express's app, Koa's, Fastify's: each makes its server itself. Fastify's takes an object, and without one localhost.
if (typeof handler.fetch === "function" || typeof handler.listen !== "function") serve();
else {
  const isFastify = typeof handler.inject === "function";
  const made = isFastify ? handler : handler.listen(port, listening);
  if (isFastify) handler.listen({ port, host: "0.0.0.0" }).then(listening);
  // The app's own handler ends it, or the image's preload; without either PID 1 waits until it is killed.
  if (process.listenerCount("SIGTERM") === 0) stopOnSignals(made?.server ?? made);
}

function serve() {
  const server = http.createServer((request, response) => {
    answer(request, response).catch((error) => {
      report(error);
      if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain" });
      response.end("Internal error\n");
    });
  });
  server.keepAliveTimeout = 95_000;
  server.listen(port, listening);
  stopOnSignals(server);
}

/** What is under way is answered first. */
function stopOnSignals(server) {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    process.once(signal, () => {
      if (typeof server?.closeIdleConnections !== "function") process.exit(0);
      server.close(() => process.exit(0));
      server.closeIdleConnections();
      server.keepAliveTimeout = 1;
      setInterval(() => server.closeIdleConnections(), 50).unref();
    });
  }
}
