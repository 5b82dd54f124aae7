/** Libraries that read the environment by a schema, in which the defaults of its variables stand. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { member } from "../evaluate/members.ts";
import { type Expr, lastName } from "../ir.ts";
import type { CallView } from "../semantics.ts";
import { ABSENT, ENVIRON, env, UNKNOWN, type Value, withDefault } from "../values.ts";

const T3 = /^@t3-oss\/env-\w+\.createEnv$/;
const OF_ENVIRONMENT = /^(?:envalid\.cleanEnv|znv\.parseEnv)$/;
const ZOD =
  /^zod(?:\/v\d)?(?:\.z|\.default)?\.(?:object|strictObject|looseObject)\(\)(?:\.\w+\(\))*\.(parse|safeParse|parseAsync)$/;
/** `v.parse(v.object({ … }), process.env)`; what `safeParse` gives is called otherwise there. */
const VALIBOT = /^valibot(?:\.v)?\.(parse|safeParse|parseAsync)$/;
/** `Joi.object({ … }).validate(process.env)`, `yup.object({ … }).validateSync(process.env)` */
const JOI =
  /^(?:joi|@hapi\/joi|yup)(?:\.Joi|\.default)?\.object\(\)(?:\.\w+\(\))*\.(validate|validateAsync|validateSync|cast)$/;
/** `Joi.attempt(process.env, schema)`, and `Joi.validate` of older versions. */
const BY_JOI = /^(?:joi|@hapi\/joi)(?:\.Joi|\.default)?\.(attempt|validate)$/;

/**
 * What `createEnv`, `cleanEnv` or `z.object({…}).parse(process.env)` gives: each variable with the default that its schema
 * has. Of anything else (`parse({ host: process.env.APP_HOST })`, `parse(argumentsOf(process.argv))`) each member.
 */
export function environmentBySchema(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (T3.test(path))
    return laid(
      ["server", "shared"].map((key) => view.option(0, key)),
      evaluator,
    );
  if (OF_ENVIRONMENT.test(path)) return view.arg(0).t === "environ" ? laid([view.arg(1)], evaluator) : undefined;
  const ofJoi = JOI.exec(path)?.[1] ?? BY_JOI.exec(path)?.[1];
  if (ofJoi) {
    const shapes = shapesOf(BY_JOI.test(path) ? view.arg(1) : view.receiver, evaluator);
    const given = view.arg(0);
    const found =
      given.t === "environ" ? laid(shapes, evaluator) : shapes.reduce((v, shape) => over(shape, v, evaluator), given);
    return ofJoi === "validate" && !path.startsWith("yup")
      ? { t: "record", members: new Map([["value", found]]), rest: UNKNOWN }
      : found;
  }
  const ofValibot = VALIBOT.exec(path)?.[1];
  const method = ofValibot ?? ZOD.exec(path)?.[1];
  if (method === undefined) return undefined;
  const given = view.arg(ofValibot ? 1 : 0);
  let made: Value = ofValibot ? view.arg(0) : view.receiver;
  while (made.t === "ref" && made.receiver && !/object\(\)$/i.test(made.path)) made = made.receiver;
  if (made.t !== "ref" || !made.call) return undefined;
  const { call, scope, frame } = made.call;
  const schema = evaluator.eval(call.args[0]?.value, scope, frame);
  const found = given.t === "environ" ? laid([schema], evaluator) : over(schema, given, evaluator);
  if (method !== "safeParse") return found;
  return { t: "record", members: new Map([[ofValibot ? "output" : "data", found]]), rest: { t: "unknown" } };
}

/** What `Joi.object({ … })`, `Joi.object().keys({ … }).append({ … })` or `yup.object().shape({ … })` asks for. */
export function shapesOf(schema: Value, evaluator: Evaluator): Value[] {
  const shapes: Value[] = [];
  let made = schema;
  for (; made.t === "ref"; made = made.receiver ?? UNKNOWN)
    if (made.call && /\.(?:object|keys|append|shape)\(\)$/.test(made.path))
      shapes.unshift(evaluator.eval(made.call.call.args[0]?.value, made.call.scope, made.call.frame));
  return [...(made.t === "object" ? [made] : []), ...shapes].filter((s) => s.t === "object");
}

/** The default that a schema of Joi's has for a variable; absent where it has none, unknown where the schema is not followed. */
export function schemaDefault(schema: Value, name: string, evaluator: Evaluator): Value {
  const shapes = shapesOf(schema, evaluator);
  if (shapes.length === 0) return UNKNOWN;
  const own = member(evaluator, laid(shapes, evaluator), name);
  return (own.t === "env" ? own.default : undefined) ?? ABSENT;
}

/** The environment, with the variables whose default is known laid over it. */
function laid(schemas: readonly Value[], evaluator: Evaluator): Value {
  const members = new Map<string, Value>();
  for (const schema of schemas)
    for (const { key, value } of schema.t === "object" ? schema.expr.entries : []) {
      const given = key === undefined ? undefined : defaultOf(value);
      const usual = given && schema.t === "object" ? evaluator.eval(given, schema.scope, schema.frame) : undefined;
      if (key !== undefined && usual?.t === "literal") members.set(key, env(key, usual));
    }
  return members.size === 0 ? ENVIRON : { t: "layers", of: [ENVIRON, { t: "record", members }] };
}

/** What is given, with the members whose default is known laid over it where it has none; also those of objects in it. */
function over(schema: Value, given: Value, evaluator: Evaluator): Value {
  const members = new Map<string, Value>();
  for (const { key, value } of schema.t === "object" ? schema.expr.entries : []) {
    if (key === undefined || schema.t !== "object") continue;
    const read = (e: Expr): Value => evaluator.eval(e, schema.scope, schema.frame);
    const own = member(evaluator, given, key);
    const inner = objectIn(value);
    const usual = inner ? undefined : defaultOf(value);
    if (inner) members.set(key, over(read(inner), own.t === "absent" ? UNKNOWN : own, evaluator));
    else if (usual) members.set(key, withDefault(own, read(usual), key));
  }
  return members.size === 0 ? given : { t: "layers", of: [given, { t: "record", members }] };
}

/** The `{ … }` of `z.object({ … }).default({})`. */
function objectIn(schema: Expr): Expr | undefined {
  for (let e = schema; e.kind === "call" && e.callee.kind === "member"; e = e.callee.object)
    if (/^(?:(?:strictO|looseO|o)bject|keys|shape)$/.test(e.callee.property) && e.args[0]) return e.args[0].value;
  return undefined;
}

/** `z.string().default("x").transform(f)`, `str({ default: "x" })`, `z.preprocess(f, z.string().default("x"))` */
function defaultOf(schema: Expr): Expr | undefined {
  for (let e = schema; e.kind === "call"; ) {
    const { callee, args } = e;
    if (callee.kind === "member" && /^(?:default|prefault|catch)$/.test(callee.property)) return args[0]?.value;
    // `v.optional(v.string(), "x")`
    if (args[1] && /^(?:optional|nullish|nullable|fallback|exactOptional)$/.test(lastName(callee) ?? ""))
      return args[1].value;
    // `z.preprocess(trimmed, z.string().default("x"))`
    if (callee.kind === "member" && callee.property === "preprocess" && args[1]) return defaultOf(args[1].value);
    const options = args[0]?.value;
    const own = options?.kind === "object" ? options.entries.find((x) => x.key === "default") : undefined;
    if (own) return own.value;
    if (callee.kind !== "member") return undefined;
    e = callee.object as typeof e;
  }
  return undefined;
}
