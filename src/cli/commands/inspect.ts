import { inspectImage } from "../../pipeline/inspect.ts";
import { defineCommand } from "../command.ts";
import { formatBytes, formatTable } from "../format.ts";
import { addRegistryOptions, registryClient } from "../registry-options.ts";

export default defineCommand({
  usage: "inspect <image>",
  summary: "Show an image: configuration, layers, sizes, base",
  examples: [
    "knbuild inspect hello",
    "knbuild inspect docker://localhost:5000/hello:v1 --json",
    "knbuild inspect oci-archive:hello.tar",
  ],
  configure: addRegistryOptions,
  async run([image], options, context) {
    const client = registryClient(options, context);
    try {
      const found = await inspectImage(image as string, { registry: () => client, env: context.env });
      if (context.json) {
        context.printJson(found);
        return 0;
      }
      const { config } = found;
      const rows = [
        ["image", found.name],
        ["digest", found.digest],
        ["platform", found.platform],
        ["created", found.created ?? ""],
        ["base", found.base ? `${found.base.ref} ${context.style("dim", found.base.digest ?? "")}` : ""],
        ["user", config.User ?? "root"],
        ["workdir", config.WorkingDir ?? "/"],
        ["start", [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])].join(" ")],
        ["ports", Object.keys(config.ExposedPorts ?? {}).join(", ")],
        ["stop", config.StopSignal ?? "SIGTERM"],
        ...(config.Env ?? []).map((pair, i) => [i === 0 ? "env" : "", pair]),
        ...Object.entries(config.Labels ?? {}).map(([key, value], i) => [i === 0 ? "labels" : "", `${key}=${value}`]),
      ];
      context.print(formatTable(rows.filter(([, value]) => value !== "")));
      context.print("");
      context.print(
        formatTable([
          ...found.layers.map((layer) => [layer.digest.slice(7, 19), formatBytes(layer.size), layer.createdBy ?? ""]),
          ["total", formatBytes(found.size), ""],
        ]),
      );
      return 0;
    } finally {
      client.close();
    }
  },
});
