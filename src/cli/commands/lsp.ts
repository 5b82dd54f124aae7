import { defineCommand } from "../command.ts";

export default defineCommand({
  usage: "lsp",
  summary: "Serve editors over the language server protocol, on standard input and output",
  examples: ["knbuild lsp"],
  configure(command) {
    command.option("--stdio", "speak on standard input and output (the default)");
  },
  async run(_args, _options, context) {
    const { serveLanguage } = await import("../language-server.ts");
    await serveLanguage(context.signal);
    return 0;
  },
});
