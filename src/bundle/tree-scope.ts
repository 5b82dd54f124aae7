/** ESTree nodes as oxc gives them, and the names that a function or a module declares. */

export interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export function isFunction(node: Node): boolean {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === "object" && typeof (value as Node).type === "string";
}

/** Child nodes with the key they lie under; types are left out. */
export function* nodesIn(node: Node): Generator<[string, Node]> {
  for (const key in node) {
    if (key === "typeAnnotation" || key === "typeParameters" || key === "typeArguments" || key === "returnType")
      continue;
    const value = node[key];
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) yield [key, one];
    } else if (isNode(value) && !(key === "value" && node["shorthand"] === true && node["type"] === "Property"))
      yield [key, value];
    // A shorthand property's key and value are one piece of text: visited once, as the key.
  }
}

export type Names = Map<string, (Node | undefined)[]>;

/**
 * Names that belong to a function (its parameters and everything declared inside, blocks included, nested functions not) or
 * to a module. Blocks are not told apart: a name declared anywhere in a function counts as bound in all of it.
 * @returns of each name what its declarations begin with, in their order: an expression, the import's declaration, or undefined
 */
export function declaredNames(scope: Node): Names {
  const names: Names = new Map();
  if (isFunction(scope)) {
    for (const param of (scope["params"] as Node[] | undefined) ?? []) pattern(param, names);
    const id = scope["id"] as Node | null;
    if (id && scope.type === "FunctionExpression") add(names, id);
  }
  const body = scope["body"];
  for (const node of Array.isArray(body) ? (body as Node[]) : isNode(body) ? [body] : []) declared(node, names);
  return names;
}

function add(names: Names, id: Node, from?: Node): void {
  const name = id["name"] as string;
  const all = names.get(name);
  if (all) all.push(from);
  else names.set(name, [from]);
}

/** No call for each level: text that is put together of thousands of pieces is a tree as deep. */
function declared(from: Node, names: Names): void {
  const waiting = [from];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (!declaredBy(node, names)) continue;
    const inside = [...nodesIn(node)];
    for (let i = inside.length - 1; i >= 0; i--) waiting.push((inside[i] as [string, Node])[1]);
  }
}

/** @returns may what lies inside declare names of the same scope? */
function declaredBy(node: Node, names: Names): boolean {
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
    const id = node["id"] as Node | null;
    if (id && node["declare"] !== true) add(names, id);
    return false;
  }
  if (isFunction(node) || node.type === "ClassExpression") return false;
  if (node.type === "VariableDeclaration" && node["declare"] === true) return false;
  if (node.type === "VariableDeclarator") {
    const id = node["id"] as Node;
    const init = node["init"] as Node | null;
    if (id.type === "Identifier") add(names, id, init ?? undefined);
    else pattern(id, names);
  }
  if (node.type === "ImportDeclaration") {
    for (const one of node["specifiers"] as Node[]) add(names, one["local"] as Node, node);
    return false;
  }
  if (node.type === "CatchClause" && isNode(node["param"])) pattern(node["param"], names);
  return true;
}

function pattern(node: Node, names: Names): void {
  switch (node.type) {
    case "Identifier":
      add(names, node);
      return;
    case "AssignmentPattern":
      pattern(node["left"] as Node, names);
      return;
    case "RestElement":
      pattern(node["argument"] as Node, names);
      return;
    case "ArrayPattern":
      for (const one of node["elements"] as (Node | null)[]) if (one) pattern(one, names);
      return;
    case "ObjectPattern":
      for (const one of node["properties"] as Node[])
        pattern(one.type === "Property" ? (one["value"] as Node) : one, names);
      return;
    case "TSParameterProperty":
      pattern(node["parameter"] as Node, names);
  }
}
