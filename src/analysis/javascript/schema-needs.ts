/** Environment variables that a schema asks for, and whose absence ends the program: zod, envalid, joi, yup, valibot, t3-env. */
import { place, quote } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { member } from "../evaluate/members.ts";
import type { EnvironmentNeed } from "../facts.ts";
import type { Expr } from "../ir.ts";
import { failureAt, required } from "../needs.ts";
import type { CallSite, Guard, SourceModule } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import type { Value } from "../values.ts";
import { shapesOf } from "./env-schemas.ts";

/** Methods that hold the environment against a schema. */
export const SCHEMA_METHODS = new Set([
  "cleanEnv",
  "parseEnv",
  "createEnv",
  "parse",
  "parseAsync",
  "safeParse",
  "safeParseAsync",
  "validate",
  "validateAsync",
  "validateSync",
  "attempt",
  "forRoot",
]);

const LIBRARY = /^(?:envalid|znv|@t3-oss\/env-\w+|zod|valibot|joi|@hapi\/joi|yup|@nestjs\/config)\b/;
/** It gives what is wrong; all others throw that. */
const GIVES = /^(?:zod|valibot|joi|@hapi\/joi)\b.*\.(?:safeParse|safeParseAsync|validate)$/;

/** What the variables that a schema cannot do without are needed for. */
export function schemaNeeds(
  module: SourceModule,
  site: CallSite,
  view: CallView,
  evaluator: Evaluator,
): EnvironmentNeed[] {
  const library = LIBRARY.exec(view.path)?.[0];
  const asked = library && schemaOf(view, evaluator);
  if (!library || !asked || site.inCatch) return [];
  const how = GIVES.test(view.path) ? whatFollows(module, site) : `${library} rejects the environment`;
  const failure = site.inFunction ? failureAt(site.scope, evaluator) : "start";
  if (how === undefined || failure === undefined) return [];
  const isRequired = /^(?:joi|@hapi\/joi|yup|@nestjs)/.test(library) ? isNamedRequired : isRequiredUnlessSaid;
  const out: EnvironmentNeed[] = [];
  for (const shape of asked.shapes) {
    if (shape.t !== "object") continue;
    const { file } = shape.scope;
    for (const entry of shape.expr.entries) {
      if (!entry.key || !isRequired(file.text.slice(entry.value.start, entry.value.end))) continue;
      const name = variableOf(entry.key, asked.given, evaluator);
      if (name === undefined || !/^[A-Z][A-Z0-9_]*$/.test(name) || !required(name)) continue;
      out.push({ name, failure, how, place: place(file, entry), evidence: [quote(file, entry)] });
    }
  }
  return out;
}

interface Asked {
  shapes: readonly Value[];
  /** What is held against them; undefined: the environment. */
  given?: Value | undefined;
}

function schemaOf(view: CallView, evaluator: Evaluator): Asked | undefined {
  const { path } = view;
  if (path.startsWith("@t3-oss"))
    return path.endsWith(".createEnv") ? { shapes: [view.option(0, "server")] } : undefined;
  if (path.startsWith("@nestjs"))
    return path.endsWith(".ConfigModule.forRoot")
      ? { shapes: shapesOf(view.option(0, "validationSchema"), evaluator) }
      : undefined;
  if (/^(?:envalid\.cleanEnv|znv\.parseEnv)$/.test(path))
    return view.arg(0).t === "environ" ? { shapes: [view.arg(1)] } : undefined;
  if (/^(?:joi|@hapi\/joi|yup)\b/.test(path)) {
    const first = view.arg(0);
    // `Joi.attempt(process.env, schema)`, else a method of the schema.
    const schema = /\)\.(?:validate|validateAsync|validateSync)$/.test(path) ? view.receiver : view.arg(1);
    return first.t === "environ" ? { shapes: shapesOf(schema, evaluator) } : undefined;
  }
  const ofValibot = path.startsWith("valibot");
  if (!ofValibot && !/\b(?:strictO|looseO|o)bject\(\)(?:\.\w+\(\))*\.(?:parse|safeParse)(?:Async)?$/.test(path))
    return undefined;
  const given = view.arg(ofValibot ? 1 : 0);
  if (given.t !== "environ" && given.t !== "object") return undefined;
  let made: Value = ofValibot ? view.arg(0) : view.receiver;
  while (made.t === "ref" && made.receiver && !/object\(\)$/i.test(made.path)) {
    // `schema.partial()` asks for nothing, `schema.pick({ … })` for a part.
    if (/\.(?:partial|pick|omit|optional|catch|default)\(\)$/.test(made.path)) return undefined;
    made = made.receiver;
  }
  if (made.t !== "ref" || !made.call) return undefined;
  const { call, scope, frame } = made.call;
  return {
    shapes: [evaluator.eval(call.args[0]?.value, scope, frame)],
    ...(given.t === "object" && { given }),
  };
}

/** `parse({ url: process.env.DATABASE_URL })` asks for DATABASE_URL. */
function variableOf(key: string, given: Value | undefined, evaluator: Evaluator): string | undefined {
  if (given === undefined) return key;
  const value = member(evaluator, given, key);
  return value.t === "env" && !value.default ? value.name : undefined;
}

/** zod's, valibot's and envalid's variables are needed where nothing else is said. */
function isRequiredUnlessSaid(text: string): boolean {
  if (!text.includes("(")) return false;
  if (
    /\b(?:default|devDefault|optional|exactOptional|optionalString|nullish|undefinedable|catch|fallback|prefault)\b|\.or\(/.test(
      text,
    )
  )
    return false;
  // What any value satisfies, or what is made of one that is missing.
  return !/\b(?:any|unknown|undefined|union|preprocess|stringbool|lazy|custom)\b|\bcoerce\s*\.\s*(?:string|boolean)\b/.test(
    text,
  );
}

/** joi's and yup's only where that is said, and not for the sake of another one. */
function isNamedRequired(text: string): boolean {
  return (
    /\.(?:required|exist)\(/.test(text) && !/\.(?:default|when|optional)\(|\balternatives\b|\bconditional\b/.test(text)
  );
}

/** What the program does with a result that says that something is wrong; undefined: it goes on. */
function whatFollows(module: SourceModule, site: CallSite): string | undefined {
  const given = /(?:const|let|var)\s+(?:([\w$]+)|(\{[^{}]*\}))(?:\s*:\s*[\w.<>]+)?\s*=\s*(?:await\s+)?$/.exec(
    module.text.slice(Math.max(0, site.call.start - 200), site.call.start),
  );
  const failed = given && failedBy(given[1], given[2]);
  if (!failed) return undefined;
  const isIts = (guards: readonly Guard[]): boolean =>
    guards.some(({ test, negated }) => test.start > site.call.end && failed(textAt(module, test), negated));
  if (module.throws.some(({ guards }) => isIts(guards))) return "throws";
  const exits = module.calls.find(
    ({ call, guards }) => guards.length > 0 && isExit(textAt(module, call)) && isIts(guards),
  );
  return exits ? "exits" : undefined;
}

function isExit(text: string): boolean {
  return /^(?:process|Deno)\.exit\(\s*[^0\s)]/.test(text);
}

const textAt = (module: SourceModule, { start, end }: Pick<Expr, "start" | "end">): string =>
  module.text.slice(start, end).trim();

/** Does a condition ask whether the result is a bad one? @param name of it @param pattern `{ value, error }` */
function failedBy(name: string | undefined, pattern: string | undefined): (test: string, negated: boolean) => boolean {
  const member = (key: string): string | undefined => {
    if (name !== undefined) return `${name}.${key}`;
    const own = new RegExp(`[{,]\\s*${key}\\s*(?::\\s*([\\w$]+))?\\s*(?=[,}=])`).exec(pattern ?? "");
    return own ? (own[1] ?? key) : undefined;
  };
  const success = member("success");
  const error = member("error");
  return (test, negated) => {
    const bare = test.replace(/\s+/g, "");
    const isOf = (what: string | undefined, ...forms: ((w: string) => string)[]): boolean =>
      what !== undefined && forms.some((form) => form(what) === bare);
    const good =
      isOf(
        success,
        (s) => s,
        (s) => `${s}===true`,
      ) || isOf(error, (e) => `!${e}`);
    const bad =
      isOf(
        success,
        (s) => `!${s}`,
        (s) => `${s}===false`,
        (s) => `${s}!==true`,
      ) ||
      isOf(
        error,
        (e) => e,
        (e) => `${e}!==undefined`,
        (e) => `${e}!=null`,
        (e) => `!!${e}`,
      );
    return negated ? good : bad;
  };
}
