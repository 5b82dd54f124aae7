import type { SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { languageOf } from "../../analysis/project.ts";
import { plural } from "../../base/plural.ts";
import type { Location } from "../../check/types.ts";

/** What serves, or might: one such word anywhere and nothing is said. */
const SERVES: Record<string, RegExp> = {
  javascript:
    /["'](node:)?(http|https|http2|net|tls|dgram|cluster)["']|\.\s*listen(Async)?\s*\(|\b(createServer|Bun\.serve|Deno\.serve|serve|listen|startServer|start_server|bootstrap)\s*\(|["'](@?[\w-]*\/)?(express|fastify|koa|hapi|hono|restify|polka|micro|next|nuxt|astro|remix|elysia|nitro|h3|ws|socket\.io|grpc-js|functions-framework|cloudevents|apollo|graphql-yoga|nestjs|sails|feathers|strapi|adonis|probot|bolt|discord\.js|uwebsockets\.js|oak|json-server|http-server|serve|vite|webpack-dev-server|parcel)\b|\bexport\s+default\b|\benv\.PORT\b|\bfetch\s*[:(]\s*(async\s*)?\(?\s*(req|request)/i,
  python:
    /\b(flask|fastapi|django|aiohttp|tornado|sanic|uvicorn|gunicorn|hypercorn|http\.server|HTTPServer|socketserver|socket\.socket|bottle|falcon|starlette|grpc|litestar|quart|streamlit|gradio|dash|nicegui|functions_framework|waitress|cherrypy|pyramid|websockets|asyncio\.start_server|serve_forever|wsgi\w*|asgi\w*|cheroot|robyn|blacksheep|mcp|bentoml|chainlit|panel|connexion|eve|web\.py|twisted|werkzeug|daphne|granian|socketify|ray|mlflow|jupyter|kserve|tritonserver|paste|masonite|emmett|responder|molten|hug|vibora|growler|japronto|uwsgi|ninja|reflex|solara|marimo)\b/i,
  go: /\.(ListenAndServe|Listen|Serve|Run|Start|Execute|ServeHTTP|Handle|HandleFunc|Main|ListenPacket)\w*\(|\b(net\.Listen|funcframework|functions-framework|httptest|grpc|gin|echo|fiber|fasthttp|lambda|Server)\b/,
  java: /\b(\w*Server\w*|Spring\w*|quarkus|micronaut|Micronaut|vertx|Vertx|jetty|Jetty|undertow|Undertow|netty|Netty|Javalin|Spark|spark|grpc|helidon|Helidon|jooby|ratpack|Tomcat|Servlet\w*|HttpFunction|CloudEventsFunction|RestController|Path|Controller|armeria|akka|play|dropwizard)\b/,
  kotlin:
    /\b(\w*Server\w*|runApplication|Spring\w*|quarkus|micronaut|Micronaut|vertx|Vertx|jetty|undertow|netty|Netty|Javalin|grpc|helidon|http4k|ktor|Ktor|HttpFunction|RestController|Path|Controller|armeria|asServer|jooby)\b/,
};

const MANIFESTS =
  /(^|\/)(pom\.xml|build\.gradle(\.kts)?|requirements[^/]*\.txt|pyproject\.toml|Pipfile|setup\.(py|cfg)|go\.mod|package\.json)$/;
const FRAMEWORKS =
  /spring-boot|quarkus|micronaut|vertx|jetty|undertow|javalin|ktor|http4k|grpc|helidon|servlet|dropwizard|gunicorn|uvicorn|flask|fastapi|django|aiohttp|tornado|sanic|streamlit|gradio|functions-framework|starlette|litestar|gin-gonic|labstack\/echo|gofiber|go-chi|gorilla\/mux|"(express|fastify|koa|@hapi\/hapi|hono|next|nuxt|astro|@nestjs\/\w+|restify|polka|serve|http-server|@sveltejs\/kit|@remix-run\/\w+|vite|react-scripts|@angular\/\w+|gatsby|ws|socket\.io|@google-cloud\/functions-framework)"/i;

const rule: SourceRule = {
  id: "KS100",
  aliases: ["no-listener"],
  subject: "source",
  severity: "warning",
  clause: "S5",
  summary: "Nothing in the program listens",
  help: `The container has to be a web server: one that does not listen on PORT never becomes ready, and the deployment fails after
minutes ("failed to start and listen on the port defined by the PORT environment variable").

Answer requests; or, for a program that runs to its end (a batch, a migration, a queue worker), deploy a job instead of a
service. This rule speaks only where nothing at all looks like a server: no framework, no socket.`,
  *check(facts) {
    if (facts.listeners.length > 0 || facts.runtimes.length > 0) return;
    const code = facts.judged.filter((f) => SERVES[languageOf(f, facts.text(f)) ?? ""]);
    if (code.length === 0 || code.length !== facts.judged.length) return;
    const entry = entryOf(facts, code);
    if (!entry || looksLikeServer(facts, code)) return;
    yield {
      rule: rule.id,
      severity: "warning",
      message:
        "the program starts here, and nothing in it listens: a service that does not listen on PORT is never ready",
      location: entry.location,
      evidence: [entry.why, `${plural(code.length, "file")} read, no listener and no server framework`],
    };
  },
};

export default rule;

function looksLikeServer(facts: SourceFacts, code: readonly string[]): boolean {
  if (code.some((f) => SERVES[languageOf(f, facts.text(f)) ?? ""]?.test(facts.text(f) ?? ""))) return true;
  if (facts.skipped.some(({ why }) => /too large|minified|not text|too deeply|more source/.test(why))) return true;
  const folders = new Set(["", ...code.map((f) => f.slice(0, f.lastIndexOf("/") + 1))]);
  for (const folder of folders)
    for (const name of [
      "package.json",
      "pom.xml",
      "build.gradle",
      "build.gradle.kts",
      "requirements.txt",
      "pyproject.toml",
      "Pipfile",
      "go.mod",
    ]) {
      const text = MANIFESTS.test(name) ? facts.text(folder + name) : undefined;
      if (text !== undefined && FRAMEWORKS.test(text)) return true;
    }
  return false;
}

/** Something that says: this is run. A library has no such place. */
function entryOf(facts: SourceFacts, code: readonly string[]): { location: Location; why: string } | undefined {
  const at = (file: string, index: number): Location =>
    facts.locate({ file, start: Math.max(0, index), end: Math.max(0, index) + 1 });
  for (const c of facts.start) {
    const words = c.words.join(" ");
    // A program that is not known may be a server.
    const script =
      /^(?:exec\s+)?(?:\S*\/)?(?:node|python3?|ts-node|tsx|bun(?: run)?|deno run)\s+(?:-\S+\s+)*(\S+\.(?:[cm]?[jt]s|py))(?:\s|$)/.exec(
        words,
      )?.[1];
    if (!script) {
      if (c.from !== "package.json" && !/^(\.?\/\S+|java\b.*-jar)/.test(words)) return undefined;
      continue;
    }
    const bare = script.replace(/^\.\//, "");
    const inner = bare.replace(/^\/(?:(?:app|srv|usr\/src\/app|workspace|code|home\/\w+)\/)?/, "");
    const file = code.find((f) => f === bare || f === inner || f.endsWith(`/${inner}`));
    if (file) return { location: at(file, 0), why: `${words.slice(0, 80)} (${c.place.file})` };
  }
  for (const file of code) {
    const text = facts.text(file) ?? "";
    const m = MAINS[languageOf(file, text) ?? ""]?.exec(text);
    if (m) return { location: at(file, m.index), why: m[0].trim().slice(0, 80) };
  }
  return undefined;
}

const MAINS: Record<string, RegExp> = {
  python: /^if __name__ == ["']__main__["']\s*:/m,
  go: /^func main\(\)/m,
  java: /\bpublic\s+static\s+void\s+main\s*\(\s*(?:final\s+)?String\b/,
  kotlin: /^(?:suspend\s+)?fun main\s*\(/m,
};
