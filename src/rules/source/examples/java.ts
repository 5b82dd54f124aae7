/** Programs in Java that several rules are shown on. */
import type { Program } from "./examples.ts";

/** A class with a main method. */
export function javaMain(imports: readonly string[], body: string): string {
  return `package app;\n\n${imports.map((i) => `import ${i};\n`).join("")}\npublic class Main {\n  public static void main(String[] args) throws Exception {\n${body
    .split("\n")
    .map((l) => `    ${l}`)
    .join("\n")}\n  }\n}\n`;
}

/** A Spring Boot web application with these properties. */
export function springBoot(properties: string, version = "3.3.1", more: Record<string, string> = {}): Program {
  return {
    "src/main/java/app/App.java":
      "package app;\n\nimport org.springframework.boot.SpringApplication;\nimport org.springframework.boot.autoconfigure.SpringBootApplication;\n\n@SpringBootApplication\npublic class App {\n  public static void main(String[] args) {\n    SpringApplication.run(App.class, args);\n  }\n}\n",
    "pom.xml": `<project><parent><artifactId>spring-boot-starter-parent</artifactId>\n<version>${version}</version></parent><dependency><artifactId>spring-boot-starter-web</artifactId></dependency></project>`,
    "src/main/resources/application.properties": properties,
    ...more,
  };
}
