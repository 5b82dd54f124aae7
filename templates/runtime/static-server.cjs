"use strict";
// Serves a directory of files over HTTP. Usage: node static-server.cjs DIRECTORY [--spa]
// Port from PORT (8080). Index files, clean URLs, ETag, ranges, files compressed beforehand (.br, .gz), no way out of the
// directory, no dot files. With --spa, paths that are no files answer with the index. SIGTERM finishes requests and exits 0.
const { createHash } = require("node:crypto");
const { createReadStream, realpathSync, statSync } = require("node:fs");
const http = require("node:http");
const path = require("node:path");

const spa = process.argv.includes("--spa");
const root = realpathSync(process.argv.slice(2).find((arg) => !arg.startsWith("--")) ?? ".");
const port = Number(process.env.PORT || 8080);

const TYPES = {
  html: "text/html; charset=utf-8",
  htm: "text/html; charset=utf-8",
  xhtml: "application/xhtml+xml; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  cjs: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  map: "application/json; charset=utf-8",
  jsonld: "application/ld+json; charset=utf-8",
  webmanifest: "application/manifest+json; charset=utf-8",
  xml: "application/xml; charset=utf-8",
  rss: "application/rss+xml; charset=utf-8",
  atom: "application/atom+xml; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  md: "text/markdown; charset=utf-8",
  csv: "text/csv; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
  ics: "text/calendar; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/x-icon",
  bmp: "image/bmp",
  woff: "font/woff",
  woff2: "font/woff2",
  ttf: "font/ttf",
  otf: "font/otf",
  eot: "application/vnd.ms-fontobject",
  wasm: "application/wasm",
  pdf: "application/pdf",
  zip: "application/zip",
  gz: "application/gzip",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  wav: "audio/wav",
  flac: "audio/flac",
  m4a: "audio/mp4",
  mp4: "video/mp4",
  webm: "video/webm",
  ogv: "video/ogg",
  mov: "video/quicktime",
  glb: "model/gltf-binary",
  gltf: "model/gltf+json",
};

// Names that carry a hash of their content never change what they mean.
const HASHED = /[.-](?=[A-Za-z0-9_-]*[0-9A-Z])[A-Za-z0-9_-]{8,}\.(?!html?$)\w+$/;
const IMMUTABLE_DIRECTORY = /(?:^|\/)(?:_next\/static|_app\/immutable)\//;
const etags = new Map();

function fileAt(relative) {
  const full = path.join(root, relative);
  let real;
  let stats;
  try {
    real = realpathSync(full);
    stats = statSync(real);
  } catch {
    return undefined;
  }
  // A link that leads out of the directory is not there.
  if (real !== root && !real.startsWith(root + path.sep)) return undefined;
  return { full: real, relative, size: stats.size, isFile: stats.isFile(), isDirectory: stats.isDirectory() };
}

function plainFile(relative) {
  const file = fileAt(relative);
  return file?.isFile ? file : undefined;
}

// By content: times of files in an image say nothing.
async function etagOf(file) {
  let tag = etags.get(file.full);
  if (tag === undefined) {
    const hash = createHash("sha1");
    for await (const chunk of createReadStream(file.full)) hash.update(chunk);
    tag = `"${hash.digest("base64url")}"`;
    etags.set(file.full, tag);
  }
  return tag;
}

function pathOf(url) {
  let decoded;
  try {
    decoded = decodeURIComponent(url.split(/[?#]/, 1)[0]);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith("/") || decoded.includes("\0") || decoded.includes("\\")) return undefined;
  const parts = decoded.split("/").filter((part) => part !== "");
  if (parts.some((part) => part.startsWith(".") && part !== ".well-known")) return undefined;
  return { relative: parts.join("/"), slash: decoded.endsWith("/") };
}

function find(request) {
  const wanted = pathOf(request.url ?? "/");
  if (wanted === undefined) return { status: 400 };
  const { relative, slash } = wanted;
  if (!slash) {
    const file = fileAt(relative);
    if (file?.isFile) return { status: 200, file };
    if (file?.isDirectory && plainFile(path.join(relative, "index.html"))) {
      const query = /[?].*$/.exec(request.url)?.[0] ?? "";
      return { status: 301, location: `/${relative.split("/").map(encodeURIComponent).join("/")}/${query}` };
    }
    const page = plainFile(`${relative}.html`);
    if (page) return { status: 200, file: page };
  } else {
    const index = plainFile(path.join(relative, "index.html"));
    if (index) return { status: 200, file: index };
    const page = relative === "" ? undefined : plainFile(`${relative}.html`);
    if (page) return { status: 200, file: page };
  }
  if (spa && path.extname(relative) === "") {
    const index = plainFile("index.html");
    if (index) return { status: 200, file: index };
  }
  return { status: 404, file: plainFile("404.html") };
}

function accepted(header, coding) {
  for (const item of String(header ?? "").split(",")) {
    const [name, ...parameters] = item
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    if (name === coding) return !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  }
  return false;
}

function compressed(request, file) {
  if (request.headers.range !== undefined) return undefined;
  for (const [coding, extension] of [
    ["br", ".br"],
    ["gzip", ".gz"],
  ]) {
    if (!accepted(request.headers["accept-encoding"], coding)) continue;
    const other = plainFile(file.relative + extension);
    if (other) return { coding, file: other };
  }
  return undefined;
}

/** One range, or undefined for all of the file, or null where it cannot be met. */
function rangeOf(request, size, etag) {
  const header = request.headers.range;
  const condition = request.headers["if-range"];
  if (header === undefined || (condition !== undefined && condition !== etag)) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const start = match[1] === "" ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === "" || match[2] === "" ? size - 1 : Math.min(Number(match[2]), size - 1);
  return start > end || start >= size ? null : { start, end };
}

async function answer(request, response) {
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD", "Content-Length": 0 }).end();
    return;
  }
  const found = find(request);
  if (found.location !== undefined) {
    response.writeHead(301, { Location: found.location, "Content-Length": 0 }).end();
    return;
  }
  const { file, status } = found;
  if (file === undefined) {
    const text = status === 400 ? "Bad request\n" : "Not found\n";
    response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Content-Length": text.length });
    response.end(request.method === "HEAD" ? undefined : text);
    return;
  }
  const variant = compressed(request, file);
  const sent = variant?.file ?? file;
  const etag = await etagOf(sent);
  const hasVariants = plainFile(`${file.relative}.br`) !== undefined || plainFile(`${file.relative}.gz`) !== undefined;
  const immutable = HASHED.test(file.relative) || IMMUTABLE_DIRECTORY.test(file.relative);
  const headers = {
    "Content-Type": TYPES[path.extname(file.relative).slice(1).toLowerCase()] ?? "application/octet-stream",
    ETag: etag,
    "Accept-Ranges": "bytes",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": status === 200 && immutable ? "public, max-age=31536000, immutable" : "no-cache",
    ...(hasVariants && { Vary: "Accept-Encoding" }),
    ...(variant && { "Content-Encoding": variant.coding }),
  };
  if (status === 200 && matches(request.headers["if-none-match"], etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const range = status === 200 ? rangeOf(request, sent.size, etag) : undefined;
  if (range === null) {
    response.writeHead(416, { ...headers, "Content-Range": `bytes */${sent.size}`, "Content-Length": 0 }).end();
    return;
  }
  const length = range ? range.end - range.start + 1 : sent.size;
  response.writeHead(range ? 206 : status, {
    ...headers,
    "Content-Length": length,
    ...(range && { "Content-Range": `bytes ${range.start}-${range.end}/${sent.size}` }),
  });
  if (request.method === "HEAD" || length === 0) {
    response.end();
    return;
  }
  const stream = createReadStream(sent.full, range);
  stream.on("error", () => response.destroy());
  response.on("close", () => stream.destroy());
  stream.pipe(response);
}

function matches(header, etag) {
  return (
    header !== undefined &&
    (header.trim() === "*" || header.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag))
  );
}

function report(error) {
  process.stderr.write(`${error?.stack ?? error}\n`);
}

const server = http.createServer((request, response) => {
  answer(request, response).catch((error) => {
    report(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
// Longer than the proxy in front keeps its connections, or it would send into one that is just being closed.
server.keepAliveTimeout = 95_000;
server.listen(port, () => process.stdout.write(`serving ${root} on port ${port}\n`));

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    // Answers that are on their way close their connections when they end.
    server.keepAliveTimeout = 1;
    setInterval(() => server.closeIdleConnections(), 50).unref();
  });
}
