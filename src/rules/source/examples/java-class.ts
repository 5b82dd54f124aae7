/** Classes in Java that several rules are shown on. */

/** One class in a file of its own; `decorators` stand above it. */
export function javaClass(
  imports: readonly string[],
  decorators: string,
  name: string,
  body: string,
): Record<string, string> {
  return {
    [`src/main/java/app/${name}.java`]: `package app;\n\n${imports.map((i) => `import ${i};\n`).join("")}\n${decorators}${decorators ? "\n" : ""}public class ${name} {\n${body
      .split("\n")
      .map((line) => (line ? `  ${line}` : line))
      .join("\n")}\n}\n`,
  };
}

const WEB = "org.springframework.web.bind.annotation";

/** A controller of Spring MVC. */
export function restController(imports: readonly string[], body: string): Record<string, string> {
  return javaClass(
    [
      ...["RestController", "GetMapping", "PostMapping", "PutMapping", "RequestBody", "PathVariable"].map(
        (n) => `${WEB}.${n}`,
      ),
      ...imports,
    ],
    "@RestController",
    "Items",
    body,
  );
}
