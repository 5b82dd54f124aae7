/** Programs in Kotlin that several rules are shown on. */

export const KOTLIN_MAIN = "src/main/kotlin/Main.kt";

/** A Ktor server whose routes are these lines; `top` stands above main. */
export function ktor(routes: string, top = "", install = ""): string {
  const inner = (text: string, by: string): string =>
    text
      .split("\n")
      .map((line) => (line ? by + line : line))
      .join("\n");
  return `import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import io.ktor.server.response.respond
import io.ktor.server.response.respondText
import io.ktor.server.routing.*

${top}${top ? "\n\n" : ""}fun main() {
    embeddedServer(Netty, port = System.getenv("PORT").toInt(), host = "0.0.0.0") {
${install ? `${inner(install, "        ")}\n` : ""}        routing {
${inner(routes, "            ")}
        }
    }.start(wait = true)
}
`;
}

/** A controller of Spring MVC. */
export function springController(body: string, imports = ""): string {
  return `package app

import org.springframework.web.bind.annotation.*
${imports}
@RestController
class Items {
${body
  .split("\n")
  .map((line) => (line ? `    ${line}` : line))
  .join("\n")}
}
`;
}
