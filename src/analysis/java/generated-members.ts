/** Members of Java's classes that nobody writes: of records, and those that Lombok's annotations ask for. */
import type { ClassMember, Expr, Param, Span, Stmt } from "../ir.ts";
import { field, named, type SyntaxNode, spanOf } from "../tree-sitter.ts";

/** Makes members that all stand in the closing brace; each at a place of its own, by which it is told apart. */
class Maker {
  readonly out: ClassMember[] = [];
  private count = 0;
  private readonly end: number;

  constructor(node: SyntaxNode) {
    this.end = spanOf(node).end;
  }

  at(): Span {
    return { start: this.end - 1 + this.count++ / 1000, end: this.end };
  }

  called(name: string): Expr {
    return { kind: "name", name, ...this.at() };
  }

  kept(name: string): Expr {
    return { kind: "member", object: this.called("this"), property: name, ...this.at() };
  }

  /** `this.name = name` */
  keep(name: string): Stmt {
    const target = this.kept(name);
    const expr: Expr = { kind: "assign", target, value: this.called(name), operator: "=", ...this.at() };
    return { kind: "expression", expr, ...this.at() };
  }

  give(value: Expr): Stmt {
    return { kind: "return", value, ...this.at() };
  }

  param(name: string, type: Expr | undefined): Param {
    return { pattern: this.called(name), type, ...this.at() };
  }

  add(name: string, params: Param[], body: Stmt[]): void {
    this.out.push({ name, fn: { name, params, body, ...this.at() }, ...this.at() });
  }
}

/** The constructor that keeps a record's components (after what a compact one does), and their readers. */
export function partsOfRecord(node: SyntaxNode, params: Param[], own: readonly ClassMember[]): ClassMember[] {
  const make = new Maker(node);
  const self = field(node, "name")?.text ?? "";
  const names = params.flatMap((p) => (p.pattern.kind === "name" ? [p.pattern.name] : []));
  const keeps = names.map((name) => make.keep(name));
  const makers = own.filter((m) => m.fn && m.name === self);
  const compact = makers.find((m) => m.fn?.params.length === 0 && names.length > 0);
  if (compact?.fn) Object.assign(compact.fn, { params, body: [...compact.fn.body, ...keeps] });
  else if (!makers.some((m) => m.fn?.params.length === names.length)) make.add(self, params, keeps);
  for (const name of names)
    if (!own.some((m) => m.fn && m.name === name)) make.add(name, [], [make.give(make.kept(name))]);
  return make.out;
}

/** `@Getter`, `@Setter`, `@Data`, `@Value`, `@AllArgsConstructor`, `@RequiredArgsConstructor`, on a class or a field. */
export function writtenByLombok(node: SyntaxNode, own: readonly ClassMember[]): ClassMember[] {
  const make = new Maker(node);
  const asked = wordsOf(node);
  const self = field(node, "name")?.text ?? "";
  const fields = named(field(node, "body")).flatMap((m) => {
    const is = named(m).find((c) => c.type === "modifiers")?.text ?? "";
    if (m.type !== "field_declaration" || /\bstatic\b/.test(is)) return [];
    const whole = spanOf(m);
    const here = own.filter((d) => !d.fn && d.start >= whole.start && d.end <= whole.end);
    return here.map((d) => ({ ...d, words: wordsOf(m), isFinal: /\bfinal\b/.test(is) }));
  });
  const add = (name: string, params: Param[], statements: Stmt[]): void => {
    if (!own.some((m) => m.fn && m.name === name)) make.add(name, params, statements);
  };
  for (const { name, type, words } of fields) {
    const isAsked = (own: string, ...others: string[]): boolean =>
      words.has(own) || [own, ...others].some((w) => asked.has(w));
    const capital = name.replace(/^[a-z]/, (c) => c.toUpperCase());
    if (isAsked("Getter", "Data", "Value")) {
      const isSwitch = type?.kind === "name" && type.name === "boolean";
      const reader = asked.has("fluent") ? name : `${isSwitch ? "is" : "get"}${capital}`;
      add(reader, [], [make.give(make.kept(name))]);
    }
    if (isAsked("Setter", "Data"))
      add(asked.has("fluent") ? name : `set${capital}`, [make.param(name, type)], [make.keep(name)]);
  }
  const all = asked.has("AllArgsConstructor") || asked.has("Value");
  if (all || asked.has("RequiredArgsConstructor") || asked.has("Data")) {
    const given = fields.filter((f) => (f.isFinal || all) && !(f.isFinal && f.value));
    if (given.length > 0)
      add(
        self,
        given.map((f) => make.param(f.name, f.type)),
        given.map((f) => make.keep(f.name)),
      );
  }
  return make.out;
}

/** Marks what `settingOf` makes. */
export const SETTING = "setting!";

/** `@WithDefault("localhost") String host();`: what a library makes of a method without a body is its setting. */
export function settingOf(method: ClassMember): Stmt[] {
  const { name, start, end } = method;
  for (const d of method.decorators ?? []) {
    if (d.kind !== "call" || d.callee.kind !== "name") continue;
    const isNamed = d.args.some((a) => a.name === "name" || a.name === "key");
    const isDefault = /Default(?:Value)?$/.test(d.callee.name);
    const usual = d.args.find(
      ({ name: key = "" }) =>
        /^default(?:Val(?:ue)?)?$/.test(key) ||
        // `@ConfigProperty(name = "web.host", value = "localhost")`
        (key === "value" && (isNamed || isDefault)) ||
        (key === "" && isDefault),
    )?.value;
    if (usual?.kind !== "literal") continue;
    const called: Expr = { kind: "literal", value: name, start, end };
    const callee: Expr = { kind: "name", name: SETTING, start, end };
    const value: Expr = { kind: "call", callee, args: [{ value: called }, { value: usual }], start, end };
    return [{ kind: "return", value, start, end }];
  }
  return [];
}

/** `Server(@Value("${app.host:localhost}") String host)`: what a container gives a parameter is a setting of the program. */
export function settingOfParameter(name: string, annotations: readonly Expr[]): Expr | undefined {
  for (const d of annotations) {
    if (d.kind !== "call" || d.callee.kind !== "name" || !/^(?:Value|ConfigProperty|Property)$/.test(d.callee.name))
      continue;
    const { start, end } = d;
    const text = (key: RegExp): string | undefined => {
      const given = d.args.find((a) => key.test(a.name ?? ""))?.value;
      return given?.kind === "literal" && typeof given.value === "string" ? given.value : undefined;
    };
    const written = text(/^(?:value)?$/) ?? "";
    const [, key, usual] = /^[$#]\{([\w.-]+)(?::([^{}]*))?\}$/.exec(written) ?? [];
    const fallback = usual ?? text(/^defaultValue$/);
    const called: Expr = { kind: "literal", value: key ?? text(/^name$/) ?? name, start, end };
    if (fallback !== undefined) {
      const value: Expr = { kind: "literal", value: fallback, start, end };
      return {
        kind: "call",
        callee: { kind: "name", name: SETTING, start, end },
        args: [{ value: called }, { value }],
        start,
        end,
      };
    }
    // Without a default it is what the program's own file says.
    if (key === undefined) continue;
    const object: Expr = { kind: "name", name: SETTING, start, end };
    const callee: Expr = { kind: "member", object, property: "getProperty", start, end };
    return { kind: "call", callee, args: [{ value: called }], start, end };
  }
  return undefined;
}

/** The last names of the annotations on it; `fluent` where accessors are called as their fields are. */
function wordsOf(node: SyntaxNode): Set<string> {
  const modifiers = named(node).find((c) => c.type === "modifiers");
  const words = named(modifiers).flatMap((a) =>
    /annotation$/.test(a.type) ? [(field(a, "name")?.text ?? "").replace(/^.*\./, "")] : [],
  );
  const fluent = /@(?:\w+\.)*Accessors\([^)]*\bfluent\s*=\s*true/.test(modifiers?.text ?? "");
  return new Set(fluent ? [...words, "fluent"] : words);
}
