/** Popular server packages, and something that each can be asked. */

/** `files`: the judgement ships it as files, with a reason that matches; otherwise it has to be in the bundle. */
export interface PackageCase {
  name: string;
  /** A JavaScript expression over `m`, the module as `require` (or `import`, for `esm`) gives it. */
  call: string;
  esm?: true;
  files?: RegExp;
}

export const PACKAGE_CASES: readonly PackageCase[] = [
  { name: "@aws-sdk/client-s3", call: "new m.S3Client({ region: 'eu-west-1' }).constructor.name" },
  { name: "ajv", call: "new m({ allErrors: true }).compile({ type: 'object', required: ['a'] })({ b: 1 })" },
  {
    name: "argon2",
    call: "m.verify(await m.hash('x', { memoryCost: 1024, timeCost: 2 }), 'x')",
    files: /argon2\.cjs:\d+ |node-gyp-build|native/,
  },
  { name: "axios", call: "m.default.getUri({ url: '/a', params: { b: [1, 2] } })" },
  { name: "bcrypt", call: "m.compareSync('x', m.hashSync('x', 4))", files: /native addon/ },
  { name: "body-parser", call: "[typeof m.json, m.urlencoded({ extended: true }).name]" },
  { name: "chalk", call: "new m.Chalk({ level: 1 }).red.bold('x')", esm: true },
  { name: "compression", call: "m.filter({ }, { getHeader: () => 'text/html' })" },
  { name: "cors", call: "m({ origin: 'https://a.example' }).name" },
  { name: "date-fns", call: "m.format(new Date(2020, 1, 29), 'yyyy-MM-dd')" },
  { name: "dotenv", call: "m.parse('A=1\\nB=\"x y\"')" },
  { name: "ejs", call: "m.render('<p><%= a %></p>', { a: 1 })" },
  { name: "express", call: "Object.keys(m).sort()" },
  { name: "express-session", call: "m({ secret: 'a', resave: false, saveUninitialized: false }).name" },
  {
    name: "fastify",
    call: "(async () => { const f = m(); f.get('/', async () => ({ a: 1 })); return (await f.inject('/')).body; })()",
  },
  {
    name: "graphql",
    call: "m.graphqlSync({ schema: m.buildSchema('type Query { a: Int }'), source: '{ a }', rootValue: { a: 5 } })",
  },
  {
    name: "handlebars",
    call: "m.compile('{{#each a}}{{this}};{{/each}}')({ a: [1, 2] })",
    files: /require\.extensions/,
  },
  { name: "helmet", call: "Object.keys(m).sort().slice(0, 5)" },
  {
    name: "hono",
    call: "(async () => { const a = new m.Hono(); a.get('/', (c) => c.text('hi')); return await (await a.request('/')).text(); })()",
    esm: true,
  },
  {
    name: "i18next",
    call: "(await m.createInstance().init({ lng: 'de', resources: { de: { translation: { a: 'Wort {{b}}' } } } }))('a', { b: 2 })",
  },
  { name: "ioredis", call: "new m({ lazyConnect: true }).status", files: /__dirname/ },
  { name: "joi", call: "m.object({ a: m.number() }).validate({ a: '5' }).value" },
  { name: "jsonwebtoken", call: "m.verify(m.sign({ a: 1, iat: 1 }, 's'), 's')" },
  {
    name: "knex",
    call: "m({ client: 'pg' })('t').where({ a: 1 }).toString()",
    files: /Seeder\.js:\d+ looks for files beside itself/,
  },
  { name: "koa", call: "new m().callback().length" },
  { name: "lodash", call: "m.chunk([1, 2, 3], 2)" },
  { name: "lodash-es", call: "m.chunk([1, 2, 3], 2)", esm: true },
  { name: "moment", call: "m.utc(0).locale('de').format('dddd')", files: /hands `require` on/ },
  { name: "mongodb", call: "new m.MongoClient('mongodb://h:1').options.hosts.map(String)" },
  {
    name: "mongoose",
    call: "(() => { const a = new m.Schema({ n: Number }); return new (m.model('A', a))({ n: '5' }).n; })()",
  },
  { name: "morgan", call: "typeof m.compile(':method :url')" },
  { name: "multer", call: "typeof m({ storage: m.memoryStorage() }).single('f')" },
  { name: "mysql2", call: "m.format('a = ? and ?', [1, { b: 'c' }])" },
  { name: "nanoid", call: "m.customAlphabet('a', 5)()", esm: true },
  {
    name: "nodemailer",
    call: "(await m.createTransport({ jsonTransport: true }).sendMail({ from: 'a@b.c', to: 'd@e.f', subject: 's', messageId: 'x', date: new Date(0) })).envelope",
  },
  { name: "passport", call: "typeof m.initialize()" },
  { name: "pg", call: "[m.types.getTypeParser(20)('5'), typeof m.Pool]" },
  {
    name: "pino",
    call: "(() => { const out = []; const l = m({ base: null, timestamp: false }, { write: (s) => out.push(s) }); l.info({ a: 1 }, 'x'); return out; })()",
    files: /require\.main|__dirname/,
  },
  {
    name: "protobufjs",
    call: "m.parse('syntax = \"proto3\"; message A { int32 b = 1; }').root.lookupType('A').encode({ b: 5 }).finish().length",
  },
  { name: "pug", call: "m.render('p= a', { a: 5 })" },
  { name: "rxjs", call: "await m.firstValueFrom(m.of(1, 2).pipe(m.toArray()))" },
  {
    name: "sequelize",
    call: "m.DataTypes.STRING(20).toString({ escape: (x) => x })",
    files: /computed name|needed by/,
  },
  {
    name: "sharp",
    call: "(await m({ create: { width: 2, height: 3, channels: 3, background: '#fff' } }).png().toBuffer({ resolveWithObject: true })).info.height",
    files: /./,
  },
  { name: "socket.io", call: "typeof new m.Server().listen", files: /__dirname/ },
  { name: "typeorm", call: "m.getMetadataArgsStorage().tables.length", files: /./ },
  { name: "undici", call: "new m.Headers({ a: 'b' }).get('A')" },
  { name: "uuid", call: "m.v5('x', m.v5.URL)" },
  {
    name: "winston",
    call: "m.createLogger({ transports: [new m.transports.Console()], silent: true }).info('x').silent",
  },
  { name: "ws", call: "Object.keys(m).sort()" },
  { name: "yup", call: "m.object({ a: m.number() }).cast({ a: '5' })" },
  { name: "zod", call: "m.z.object({ a: m.z.coerce.number() }).parse({ a: '5' })" },
];
