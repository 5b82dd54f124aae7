/** Elixir: what the release is called, and how assets are made. */
import { posix } from "node:path";
import { copyLine } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";

export function elixirValues({ entrypoint }: Detection, source: Source, name: string): TemplateValues {
  const mix = (source.read("mix.exs") ?? "").replace(/^\s*#.*$/gm, "");
  const releases = [...(/\breleases:\s*\[([\s\S]*)/.exec(mix)?.[1]?.matchAll(/^\s*(\w+):\s*\[/gm) ?? [])].map(
    ([, one]) => one as string,
  );
  const release = releases.find((one) => one === entrypoint) ?? releases[0];
  const manifests = ["mix.exs", "mix.lock"].filter((file) => source.isFile(file));
  // Of an umbrella each app has its own.
  const apps = source.glob("apps/*/mix.exs").map((path) => path.slice(0, -"/mix.exs".length));
  return {
    manifests: manifests.join(" ") || "mix.exs",
    apps: apps.map((app) => copyLine([`${app}/mix.exs`], `./${app}/`)).join("\n"),
    config: source.isDirectory("config"),
    ...assetValues(source, mix, apps),
    // Of several, mix wants to be told which.
    release: releases.length > 1 && release !== undefined ? `mix release ${release}` : "mix release",
    name: release ?? entrypoint ?? name,
  };
}

/** `assets.deploy` where the project defines it; before Phoenix 1.6 a script of npm and the digests. */
function assetValues(source: Source, mix: string, apps: readonly string[]): { npm: string; assets: string } {
  const folder = ["assets", ...apps.map((app) => `${app}/assets`)].find((one) => source.isFile(`${one}/package.json`));
  const npm =
    folder === undefined
      ? ""
      : `npm ${source.isFile(`${folder}/package-lock.json`) ? "ci" : "install"} --prefix ${folder}`;
  const deploys = /["']assets\.deploy["']/;
  if (deploys.test(mix)) return { npm, assets: "mix assets.deploy && " };
  // In an umbrella it is one app's own.
  const app = apps.find((one) => deploys.test(source.read(`${one}/mix.exs`) ?? ""));
  if (app !== undefined) return { npm, assets: `mix do --app ${posix.basename(app)} assets.deploy && ` };
  const { scripts = {} } =
    folder === undefined ? {} : (source.readJson(`${folder}/package.json`) as { scripts?: Record<string, string> });
  const script = ["deploy", "build"].find((one) => scripts[one] !== undefined);
  return { npm, assets: script === undefined ? "" : `npm run ${script} --prefix ${folder} && mix phx.digest && ` };
}
