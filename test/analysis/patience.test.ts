/** Programs in which following values is cut short: where a listener or its address is lost by that, more is looked at. */
import { expect, it } from "vitest";
import { hostProblem } from "../../src/analysis/verdict.ts";
import { facts } from "./programs.ts";

async function hosts(files: Record<string, string>): Promise<string[]> {
  const found = await facts(files);
  return found.listeners.map((l) => `${l.framework} ${hostProblem(l, found)?.kind}`);
}

/** Twice as many steps as a question has: an address put together of very many texts. */
const manySteps = (host: string): string => {
  const part = Array.from({ length: 100 }, () => "none").join(" +\n  ");
  const parts = Array.from({ length: 40 }, (_, i) => `const part${i} = ${part};`);
  return `import http from "node:http";
const none = "";
${parts.join("\n")}
const host = ${parts.map((_, i) => `part${i}`).join(" +\n  ")} + "${host}";
http.createServer(() => {}).listen(3000, host);
`;
};

it("a host at the end of a question's steps", async () => {
  expect(await hosts({ "server.js": manySteps("127.0.0.1") })).toEqual(["Node literal"]);
  expect(await hosts({ "server.js": manySteps("0.0.0.0") })).toEqual(["Node undefined"]);
});

/** More text in which signals are looked up than is read to find callers; after it a server whose class is in another file. */
function manyFiles(host: string): Record<string, string> {
  const filler = "# What is written here is long, and says nothing of any server.\n".repeat(400);
  const files: Record<string, string> = {
    "web/server/local/base.py": `class Base:
    def __init__(self, host, port):
        self.host = host
        self.port = port
        self.app = None

    def run(self):
        self.app.run(host=self.host, port=self.port)
`,
    "web/server/local/service.py": `${filler}from flask import Flask
from web.server.local.base import Base

class Service(Base):
    def __init__(self):
        super().__init__("${host}", 3000)
        self.app = Flask(__name__)

Service().run()
`,
  };
  for (let i = 0; i < 80; i++) {
    files[`watch${i}.py`] =
      `import signal\n\n# For SIGTERM.\ndef watch${i}(number):\n    signal.signal(number, print)\n    start(number)\n`;
    files[`main${i}.py`] = `from watch${i} import watch${i}\n\n${filler}\nwatch${i}(15)\n`;
  }
  return files;
}

it("a server in a class that fills what its base has empty, beside more text than is read to find callers", async () => {
  expect(await hosts(manyFiles("127.0.0.1"))).toEqual(["Flask literal"]);
  expect(await hosts(manyFiles("0.0.0.0"))).toEqual(["Flask undefined"]);
});
