/**
 * What is known about packages and cannot be read from their files. One table: package → reason → what is done.
 * A package that an analysis gets right does not belong here.
 */
import type { FindingCode } from "./analysis.ts";

/** Watch or change modules while they are loaded: with one of these every package stays a file, so that it sees them. */
const INSTRUMENTATION = [
  /^@opentelemetry\/(?:auto-)?instrumentation/,
  /^@opentelemetry\/auto-instrumentations-node$/,
  /^(?:require|import)-in-the-middle$/,
  /^dd-trace$/,
  /^newrelic$/,
  /^elastic-apm-node$/,
  /^applicationinsights$/,
  /^@azure\/monitor-opentelemetry$/,
  /^@google-cloud\/(?:trace-agent|debug-agent)$/,
  /^@sentry\/(?:node|nestjs|node-core|profiling-node)$/,
  /^@appsignal\/nodejs$/,
  /^@splunk\/otel$/,
  /^@instana\/collector$/,
  /^(?:proxyquire|mock-require|module-alias|pirates|ts-node|tsx|@swc-node\/register|esm|app-module-path)$/,
];

export function instrumentsModules(name: string): boolean {
  return INSTRUMENTATION.some((pattern) => pattern.test(name));
}

/** Inject by the names of parameters, which they read from the text of functions: a shortened name is nobody's. */
const READS_PARAMETERS =
  /^(?:awilix|electrolyte|fn-args|get-parameter-names|get-function-arguments|function-arguments)$/;

export function readsParameters(name: string): boolean {
  return READS_PARAMETERS.test(name);
}

/** Shipped as files whatever their text says. */
const ALWAYS_FILES: Record<string, string> = {
  "@prisma/client": "loads the client that `prisma generate` wrote, and its engine",
  ".prisma": "the client that `prisma generate` wrote, with its engine",
  next: "serves files of its own and of the build",
  nuxt: "serves files of its own and of the build",
  "swagger-ui-dist": "serves files of its own",
  playwright: "starts a browser that lies beside it",
  "playwright-core": "starts a browser that lies beside it",
  puppeteer: "starts a browser that lies beside it",
  "puppeteer-core": "starts a browser that lies beside it",
  typescript: "reads its own library files",
  esbuild: "starts a program that lies beside it",
  vite: "reads its own files",
  jsdom: "starts a worker file of its own",
};

export function alwaysFiles(name: string): string | undefined {
  return ALWAYS_FILES[name];
}

/** Of these a browser is used that is downloaded to the home of whoever installs: the image has to hold one. */
export function startsBrowser(name: string): boolean {
  return /^(?:puppeteer|puppeteer-core|playwright|playwright-core|playwright-chromium|chrome-launcher)$/.test(name);
}

/**
 * Lines that look dangerous and are not, where the file of the package is known: the name comes from the app's settings and
 * is looked up from the app's own node_modules, which a bundle does as well.
 */
const HARMLESS: { name: string; file: RegExp; codes: FindingCode[]; byName?: true }[] = [
  // `app.set("view engine", "pug")` → require("pug").__express; a view engine is always shipped as files (below).
  { name: "express", file: /^lib\/view\.js$/, codes: ["computed-require"], byName: true },
  // An optional highlighter of debug output, named in two pieces so that bundlers do not look for it.
  { name: "mysql2", file: /^lib\/helpers\.js$/, codes: ["computed-require"] },
  // Adds its own file name to stack traces.
  { name: "undici", file: /^index\.js$/, codes: ["dirname"] },
  // Looks through require.cache for the file of a plugin, to name it in messages; takes the function's name otherwise.
  { name: "fastify", file: /^lib\/plugin-utils\.js$/, codes: ["require-cache"] },
];

export function isHarmless(name: string, file: string, code: FindingCode): boolean {
  return HARMLESS.some((fact) => fact.name === name && fact.file.test(file) && fact.codes.includes(code));
}

/** Resolve names from the app's settings as seen from their callers, with no `require` that could be read: pino's transports. */
const RESOLVES_FOR_CALLERS = new Set(["pino"]);

/** Of these packages a module name comes from the app's settings: the app's other dependencies have to be found by name. */
export function loadsByName(name: string): boolean {
  return RESOLVES_FOR_CALLERS.has(name) || HARMLESS.some((fact) => fact.name === name && fact.byName);
}

/** Load modules by computed names that are never the app's own code: dialects, plug-ins, transports, optional packages. */
const LOADS_PACKAGES_ONLY = new Set([
  "pino",
  "thread-stream",
  "sequelize",
  "mongodb",
  "mongoose",
  "pug",
  "pug-filters",
  "jstransformer",
  "express",
  "@fastify/view",
  "ejs",
  "hbs",
  "handlebars",
  "express-handlebars",
  "nunjucks",
  "google-gax",
  "@grpc/grpc-js",
  "@grpc/proto-loader",
  "protobufjs",
  "@protobufjs/inquire",
  "winston",
  "firebase-admin",
  "bindings",
  "node-gyp-build",
  "sharp",
  "@prisma/client",
  ".prisma",
  "@nestjs/core",
  "@nestjs/common",
  "@nestjs/platform-express",
  "class-transformer",
  "@nestjs/microservices",
  "@nestjs/websockets",
  "consolidate",
  "@ladjs/consolidate",
  "socket.io",
  "engine.io",
  "engine.io-client",
  "bcrypt",
  "argon2",
  "better-sqlite3",
  "sqlite3",
  "@mapbox/node-pre-gyp",
  "ajv",
  "swagger-ui-express",
  "i18next-fs-backend",
  "jsdom",
  "depd",
  "source-map-support",
  "@fastify/ajv-compiler",
  "@fastify/static",
  "undici",
  "ioredis",
  "pg",
  "mysql2",
  "formidable",
  "nodemailer",
  "apollo-server-core",
  "@apollo/server",
  "graphql-upload",
  "core-js",
  "dotenv",
  "any-promise",
  "config",
  "log4js",
  "keyv",
  "cacheable-request",
  "@google-cloud/storage",
  "oracledb",
  "tedious",
  "long",
  "iconv-lite",
  "encoding",
  "yargs",
  "y18n",
  "cross-spawn",
  "import-fresh",
  "resolve",
  "lazy-cache",
  "electron-fetch",
  "better-ajv-errors",
]);

/** Whether a package that computes module names may mean files of the app. */
export function mayLoadAppCode(name: string): boolean {
  return !LOADS_PACKAGES_ONLY.has(name);
}

/** Loaded by name by Express and by view plug-ins: shipped as files, so that there is one instance of each. */
const VIEW_ENGINES = new Set(
  (
    "atpl bracket doT dot dust dustjs-linkedin eco ect ejs eta haml haml-coffee hamljs hamlet handlebars hbs hogan.js htmling jade jazz jqtpl just " +
    "liquor liquidjs lodash.template marko mote mustache mustache-express nunjucks plates pug qejs ractive razor slm squirrelly swig " +
    "swig-templates teacup templayed toffee twig underscore.template vash velocityjs walrus whiskers express-handlebars express-es6-template-engine " +
    "ejs-mate express-react-views @ladjs/consolidate consolidate"
  ).split(" "),
);

export function isViewEngine(name: string): boolean {
  return VIEW_ENGINES.has(name);
}

/** Read the app's folders from the working directory: the app's data files have to be there. */
const READS_WORKING_DIRECTORY = new Set([
  "config",
  "i18n",
  "i18n-2",
  "i18next-fs-backend",
  "i18next-node-fs-backend",
  "nconf",
  "rc",
  "convict",
  "cosmiconfig",
  "lilconfig",
  "dotenv-flow",
  "@grpc/proto-loader",
  "@fastify/static",
  "@fastify/view",
  "@fastify/autoload",
  "serve-static",
  "koa-static",
  "koa-views",
  "koa-send",
  "@koa/send",
  "@nestjs/serve-static",
  "nestjs-i18n",
  "express-handlebars",
  "hbs",
  "knex",
  "umzug",
  "sequelize-cli",
  "typeorm",
  "migrate-mongo",
  "db-migrate",
  "serve-index",
  "st",
  "sirv",
  "serve-handler",
  "ecstatic",
  "node-static",
  "point-of-view",
  "@hapi/inert",
  "@hapi/vision",
  "vision",
  "inert",
  "email-templates",
  "swagger-jsdoc",
  "express-openapi-validator",
  "openapi-backend",
  "@apidevtools/swagger-parser",
]);

export function readsWorkingDirectory(name: string): boolean {
  return READS_WORKING_DIRECTORY.has(name) || isViewEngine(name);
}

/** Add a SIGTERM handler that stops the server when the app sets them up. */
const HANDLES_SIGTERM = new Set([
  "@godaddy/terminus",
  "lightship",
  "close-with-grace",
  "fastify-graceful-shutdown",
  "@mgcrea/fastify-graceful-exit",
  "http-graceful-shutdown",
  "express-graceful-exit",
  "node-graceful-shutdown",
  "node-graceful",
  "node-graceful-server",
  "fastify-cli",
  "@adonisjs/core",
  "@moleculer/runner",
  "moleculer",
  "koa-graceful-shutdown",
  "@hapipal/hpal",
  "exiting",
  "hapi-graceful-shutdown-plugin",
  "hapi-pulse",
  "nest-graceful-shutdown",
  "nestjs-graceful-shutdown",
]);

export function handlesSigterm(name: string): boolean {
  return HANDLES_SIGTERM.has(name);
}
