/** Ruby lowered to the common tree. */
import type { Argument, ClassMember, Entry, Expr, FileTree, Fn, Param, Stmt } from "../ir.ts";
import { other } from "../ir.ts";
import { caseOfRuby, caseStatements, ifOfRuby } from "../switches.ts";
import { field, named, type SyntaxNode, spanOf, withTree } from "../tree-sitter.ts";

export function lowerRuby(text: string): FileTree | undefined {
  return withTree("ruby", text, (root) => ({ body: statements(named(root)) }));
}

function statements(nodes: readonly SyntaxNode[]): Stmt[] {
  return nodes.flatMap(statement);
}

function body(node: SyntaxNode | undefined): Stmt[] {
  if (!node) return [];
  if (/^(then|else|do|body_statement|block_body|begin_block|begin|ensure|program)$/.test(node.type))
    return statements(named(node));
  return statement(node);
}

function statement(node: SyntaxNode): Stmt[] {
  const span = spanOf(node);
  switch (node.type) {
    case "if":
    case "elsif":
    case "unless":
    case "if_modifier":
    case "unless_modifier": {
      const condition = field(node, "condition");
      let test = condition ? expression(condition) : other(span);
      if (node.type.startsWith("unless"))
        test = { kind: "call", callee: { kind: "name", name: "!", ...span }, args: [{ value: test }], ...span };
      return [
        {
          kind: "if",
          test,
          consequent: body(field(node, "consequence") ?? field(node, "body")),
          alternate: body(field(node, "alternative")),
          ...span,
        },
      ];
    }
    case "method":
    case "singleton_method":
      return [{ kind: "function", fn: fn(node), ...span }];
    case "singleton_class":
      return body(field(node, "body"));
    case "class":
    case "module": {
      const superclass = named(field(node, "superclass"))[0];
      const members: ClassMember[] = [];
      const rest: Stmt[] = [];
      for (const s of body(field(node, "body"))) {
        if (s.kind === "function") members.push({ name: s.fn.name ?? "", fn: s.fn, start: s.start, end: s.end });
        else if (s.kind === "declare" && s.pattern.kind === "name")
          members.push({ name: s.pattern.name, value: s.value, start: s.start, end: s.end });
        else rest.push(s);
      }
      members.push({ name: "", fn: { name: undefined, params: [], body: rest, ...span }, ...span });
      return [
        {
          kind: "class",
          class: {
            name: field(node, "name")?.text,
            bases: superclass ? [expression(superclass)] : [],
            mixins: rest.flatMap(mixedIn),
            members,
            decorators: [],
            ...span,
          },
          ...span,
        },
      ];
    }
    case "begin":
    case "do":
    case "then":
    case "else":
    case "body_statement":
      return [{ kind: "block", role: "plain", body: statements(named(node)), ...span }];
    case "rescue":
      return [{ kind: "block", role: "catch", body: body(field(node, "body")), ...span }];
    case "while":
    case "until":
    case "for":
      return [{ kind: "block", role: "loop", body: body(field(node, "body")), ...span }];
    case "return": {
      const value = named(named(node)[0])[0];
      return [{ kind: "return", value: value ? expression(value) : undefined, ...span }];
    }
    case "assignment": {
      const left = field(node, "left");
      const right = field(node, "right");
      // `@host, @port = host, port`
      const targets = left?.type === "left_assignment_list" ? named(left) : [];
      const values = right?.type === "right_assignment_list" ? named(right) : [];
      if (targets.length > 1 && targets.length === values.length && ![...targets, ...values].some(isSplat))
        return targets.map((target, i) => assignment(target, values[i] as SyntaxNode, span));
      if (!left || !right) return [{ kind: "expression", expr: expression(node), ...span }];
      if (left.type !== "left_assignment_list") return [assignment(left, right, span)];
      // `host, port = address.split(":")`
      return targets.flatMap((target, i) => (isSplat(target) ? [] : [assignment(target, right, span, i)]));
    }
    case "case":
      return caseStatements(node, expression, body);
    default:
      return [{ kind: "expression", expr: expression(node), ...span }];
  }
}

/** The modules of `include Options, Logging`. */
function mixedIn(s: Stmt): Expr[] {
  const call = s.kind === "expression" && s.expr.kind === "call" ? s.expr : undefined;
  const isMixin = call?.callee.kind === "name" && /^(include|prepend|extend)$/.test(call.callee.name);
  return isMixin ? call.args.map((a) => a.value) : [];
}

/** The last expression is what a method returns: the last one of each branch, where the last statement is an `if`. */
function lastReturned(list: Stmt[]): Stmt[] {
  const last = list.at(-1);
  if (last?.kind === "expression")
    return [...list.slice(0, -1), { kind: "return", value: last.expr, start: last.start, end: last.end }];
  if (last?.kind === "if" && last.alternate.length > 0) {
    const { consequent, alternate } = last;
    return [
      ...list.slice(0, -1),
      { ...last, consequent: lastReturned(consequent), alternate: lastReturned(alternate) },
    ];
  }
  if (last?.kind === "block" && last.role === "plain")
    return [...list.slice(0, -1), { ...last, body: lastReturned(last.body) }];
  return list;
}

function fn(node: SyntaxNode): Fn {
  const list = lastReturned(body(field(node, "body")));
  return {
    name: field(node, "name")?.text,
    params: params(node),
    body: list,
    ...spanOf(node),
  };
}

function params(method: SyntaxNode): Param[] {
  return named(field(method, "parameters")).map((p) => {
    const name = p.type === "identifier" ? p : field(p, "name");
    const value = field(p, "value");
    return {
      pattern: name ? { kind: "name", name: name.text, ...spanOf(name) } : other(spanOf(p)),
      default: value ? expression(value) : undefined,
      ...spanOf(p),
    };
  });
}

function args(node: SyntaxNode | undefined): Argument[] {
  return named(node)
    .filter((a) => a.type !== "block_argument")
    .map((a) => {
      if (a.type === "hash_splat_argument" || a.type === "splat_argument") {
        const inner = named(a)[0];
        return { value: inner ? expression(inner) : other(spanOf(a)), spread: true };
      }
      if (a.type !== "pair") return { value: expression(a) };
      const value = field(a, "value");
      return { name: keyOf(field(a, "key")) ?? "?", value: value ? expression(value) : other(spanOf(a)) };
    });
}

/** What `super` hands on by itself: all that its method is given. */
function ownArguments(node: SyntaxNode): Argument[] {
  let around: SyntaxNode | null = node.parent;
  while (around && around.type !== "method") around = around.parent;
  return around ? params(around).flatMap(({ pattern }) => (pattern.kind === "name" ? [{ value: pattern }] : [])) : [];
}

const keyOf = (node: SyntaxNode | undefined): string | undefined => node?.text.replace(/^:|:$|^["']|["']$/g, "");

/** @param item which one of the list that stands on the right; undefined for the whole */
function assignment(left: SyntaxNode, right: SyntaxNode, span: ReturnType<typeof spanOf>, item?: number): Stmt {
  const whole = right.type === "right_assignment_list" ? arrayOf(right) : expression(right);
  const value: Expr =
    item === undefined
      ? whole
      : { kind: "index", object: whole, index: { kind: "literal", value: item, ...span }, ...span };
  if (left.type === "identifier" || left.type === "constant")
    return { kind: "declare", pattern: { kind: "name", name: left.text, ...spanOf(left) }, value, ...span };
  const target = attribute(expression(left));
  return { kind: "expression", expr: { kind: "assign", target, value, operator: "=", ...span }, ...span };
}

function arrayOf(node: SyntaxNode): Expr {
  return { kind: "array", items: named(node).map(expression), ...spanOf(node) };
}

function isSplat({ type }: SyntaxNode): boolean {
  return /splat|rest_assignment|destructured/.test(type);
}

/** `config.server.port` on the left of an assignment: members, not calls. */
function attribute(e: Expr): Expr {
  if (e.kind !== "call" || e.callee.kind !== "member" || e.args.length > 0) return e;
  return { ...e.callee, object: attribute(e.callee.object) };
}

function expression(node: SyntaxNode): Expr {
  const span = spanOf(node);
  switch (node.type) {
    case "identifier":
    case "constant":
    case "global_variable":
      return { kind: "name", name: node.text, ...span };
    case "self":
      return { kind: "name", name: "this", ...span };
    case "super":
      return { kind: "call", callee: { kind: "name", name: "super", ...span }, args: ownArguments(node), ...span };
    case "instance_variable":
    case "class_variable":
      return { kind: "member", object: { kind: "name", name: "this", ...span }, property: node.text, ...span };
    case "scope_resolution": {
      const scope = field(node, "scope");
      const name = field(node, "name")?.text ?? "";
      return scope
        ? { kind: "member", object: expression(scope), property: name, ...span }
        : { kind: "name", name, ...span };
    }
    case "integer":
    case "float":
      return { kind: "literal", value: Number(node.text.replaceAll("_", "")), ...span };
    case "nil":
      return { kind: "literal", value: null, ...span };
    case "true":
    case "false":
      return { kind: "literal", value: node.type === "true", ...span };
    case "simple_symbol":
    case "hash_key_symbol":
      return { kind: "literal", value: node.text.replace(/^:|:$/g, ""), ...span };
    case "string": {
      const parts = named(node).map((c): Expr => {
        const inner = c.type === "interpolation" ? named(c)[0] : undefined;
        return inner ? expression(inner) : { kind: "literal", value: c.text, ...spanOf(c) };
      });
      if (parts.length === 0) return { kind: "literal", value: "", ...span };
      const only = parts[0];
      return parts.length === 1 && only?.kind === "literal" ? { ...only, ...span } : { kind: "text", parts, ...span };
    }
    case "call":
    case "command_call":
    case "method_call": {
      const receiver = field(node, "receiver");
      const method = field(node, "method")?.text ?? "call";
      const block = field(node, "block");
      const list = args(field(node, "arguments"));
      if (block) list.push({ value: blockOf(block) });
      const callee: Expr = receiver
        ? { kind: "member", object: expression(receiver), property: method, ...span }
        : { kind: "name", name: method, ...span };
      return { kind: "call", callee, args: list, ...span };
    }
    case "element_reference": {
      const object = field(node, "object");
      const index = named(node).find((n) => n.startIndex > (object?.endIndex ?? 0));
      return {
        kind: "index",
        object: object ? expression(object) : other(span),
        index: index ? expression(index) : other(span),
        ...span,
      };
    }
    case "assignment":
    case "operator_assignment": {
      const left = field(node, "left");
      const right = field(node, "right");
      if (!left || !right) return other(span);
      const operator = field(node, "operator")?.text === "||=" ? "||=" : "=";
      return { kind: "assign", target: attribute(expression(left)), value: expression(right), operator, ...span };
    }
    case "binary": {
      const left = field(node, "left");
      const right = field(node, "right");
      if (!left || !right) return other(span);
      const operator = field(node, "operator")?.text ?? "";
      // `list << item`
      if (operator === "<<") {
        const callee: Expr = { kind: "member", object: expression(left), property: operator, ...span };
        return { kind: "call", callee, args: [{ value: expression(right) }], ...span };
      }
      const mapped: Record<string, string> = { or: "||", and: "&&", "==": "===", "!=": "!==" };
      return {
        kind: "binary",
        operator: mapped[operator] ?? operator,
        left: expression(left),
        right: expression(right),
        ...span,
      };
    }
    case "unary": {
      const operand = field(node, "operand");
      return operand
        ? {
            kind: "call",
            callee: { kind: "name", name: "!", ...span },
            args: [{ value: expression(operand) }],
            ...span,
          }
        : other(span);
    }
    case "conditional": {
      const [test, consequent, alternate] = [
        field(node, "condition"),
        field(node, "consequence"),
        field(node, "alternative"),
      ];
      if (!test || !consequent || !alternate) return other(span);
      return {
        kind: "conditional",
        test: expression(test),
        consequent: expression(consequent),
        alternate: expression(alternate),
        ...span,
      };
    }
    case "parenthesized_statements":
    case "argument_list": {
      const inner = named(node);
      return inner.length === 1 && inner[0] ? expression(inner[0]) : other(span, inner.map(expression));
    }
    case "hash":
      return {
        kind: "object",
        entries: named(node).map((p): Entry => {
          const value = field(p, "value");
          if (p.type === "pair")
            return { key: keyOf(field(p, "key")), value: value ? expression(value) : other(spanOf(p)), ...spanOf(p) };
          const inner = named(p)[0];
          return { key: undefined, spread: true, value: inner ? expression(inner) : other(spanOf(p)), ...spanOf(p) };
        }),
        ...span,
      };
    case "array":
      return arrayOf(node);
    case "string_array":
    case "symbol_array":
      return {
        kind: "array",
        items: named(node).map((n) => ({ kind: "literal", value: n.text, ...spanOf(n) })),
        ...span,
      };
    case "case":
      return caseOfRuby(node, expression, body) ?? other(span, [], statement(node));
    case "lambda":
    case "block":
    case "do_block":
      return blockOf(node);
    case "if":
    case "unless":
      return ifOfRuby(node, expression, body) ?? other(span, [], statement(node));
    case "if_modifier":
    case "unless_modifier":
    case "begin":
    case "class":
    case "module":
    case "method":
      return other(span, [], statement(node));
    default:
      return other(span, named(node).map(expression));
  }
}

function blockOf(node: SyntaxNode): Expr {
  const span = spanOf(node);
  const inner = field(node, "body") ?? named(node).find((n) => /body|block/.test(n.type));
  return {
    kind: "function",
    fn: {
      name: undefined,
      params: named(field(node, "parameters")).map((p) => ({
        pattern: { kind: "name", name: p.text, ...spanOf(p) },
        ...spanOf(p),
      })),
      body:
        inner?.type === "block" || inner?.type === "do_block"
          ? [{ kind: "return", value: blockOf(inner), ...span }]
          : lastReturned(body(inner)),
      ...span,
    },
    ...span,
  };
}
