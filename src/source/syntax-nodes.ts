/** What a node of JavaScript's syntax tree says by itself. */

export interface Node {
  type: string;
  [key: string]: unknown;
}

export const isFunction = (node: Node) => /^(?:Arrow)?Function(?:Expression|Declaration)$/.test(node.type);
export const isClass = (node: Node) => /^Class(?:Expression|Declaration)$/.test(node.type);

/** A word, no path and no port. */
export const isLabel = ({ value }: Node) => typeof value === "string" && /^[a-z_@][\w:*@-]*$/i.test(value);

/** `{ port: 80 }` */
export const namesPort = ({ properties = [] }: Node) =>
  (properties as Node[]).some(({ key }) => key !== undefined && nameOf(key as Node) === "port");

/** What a function's own return statements give. */
export function returnsOf(node: Node): Node[] {
  const body = node["body"] as Node | null;
  if (!body) return [];
  if (body.type !== "BlockStatement") return [body];
  const found: Node[] = [];
  const visit = (inner: Node): void => {
    if (isFunction(inner)) return;
    if (inner.type === "ReturnStatement" && inner["argument"]) found.push(inner["argument"] as Node);
    for (const child of childrenOf(inner)) visit(child);
  };
  visit(body);
  return found;
}

/** `exports`, `module.exports`. */
export function isExports(node: Node): boolean {
  if (node.type === "Identifier") return node["name"] === "exports";
  return (
    node.type === "MemberExpression" && memberName(node) === "exports" && (node["object"] as Node)["name"] === "module"
  );
}

/** The name that a member is asked for by: `a.name`, `a["name"]`; undefined for what is only known when it runs. */
export function memberName(node: Node): string | undefined {
  const name = node["property"] as Node;
  if (node["computed"] === true) return typeof name["value"] === "string" ? name["value"] : undefined;
  return nameOf(name);
}

export function nameOf(node: Node): string | undefined {
  if (node.type === "PrivateIdentifier") return `#${node["name"] as string}`;
  if (node.type === "Identifier") return node["name"] as string;
  return node.type === "Literal" && typeof node["value"] === "string" ? node["value"] : undefined;
}

/** The last name of what is called. */
export function calledName(callee: Node): string {
  return (callee.type === "MemberExpression" ? memberName(callee) : nameOf(callee)) ?? "";
}

/** What a chain of members and calls begins with: `App` of `App.make().open`. */
export function originOf(expression: Node): Node {
  const node = bare(expression);
  const inner = node["object"] ?? node["callee"] ?? (node.type === "AwaitExpression" && node["argument"]);
  return inner ? originOf(inner as Node) : node;
}

/** Without brackets and types, and behind a compiler's `(0, express_1.default)`. */
export function bare(node: Node): Node {
  if (/^(?:ParenthesizedExpression|ChainExpression|TS\w+Expression)$/.test(node.type))
    return bare(node["expression"] as Node);
  return node.type === "SequenceExpression" ? bare((node["expressions"] as Node[]).at(-1) as Node) : node;
}

export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  const add = (child: unknown) => {
    if (typeof (child as Node | null)?.type === "string") found.push(child as Node);
  };
  for (const key in node) {
    const part = node[key];
    if (Array.isArray(part)) part.forEach(add);
    else add(part);
  }
  return found;
}
