/** PHP: Laravel, Symfony, Slim and plain scripts. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source, toolVersion } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "php",
  summary: "PHP: Laravel, Symfony, Slim and plain scripts.",
  what: "a PHP program",
  detect,
});

/** Where web servers are pointed to, in order. */
const PLACES = [
  "public",
  "",
  "web",
  "htdocs",
  "webroot",
  "www",
  "html",
  "public_html",
  "pub",
  "src/public",
  "src",
  "app",
];
const FRAMEWORKS: readonly [name: string, pattern: RegExp][] = [
  ["laravel", /"laravel\/(?:framework|lumen-framework)"/],
  ["symfony", /"symfony\/(?:framework-bundle|symfony)"/],
  ["slim", /"slim\/slim"/],
  ["codeigniter", /"codeigniter4\/(?:framework|codeigniter4)"/],
  ["cakephp", /"cakephp\/cakephp"/],
  ["yii", /"yiisoft\/yii2"/],
  ["laminas", /"(?:laminas\/laminas-mvc|mezzio\/mezzio)"/],
];

function detect(source: Source): Detection | null {
  const composer = source.read("composer.json");
  const index =
    PLACES.map((place) => (place === "" ? "index.php" : `${place}/index.php`)).find((file) => source.isFile(file)) ??
    null;
  const scripts = source.glob("*.php");
  if (composer === undefined && index === null && scripts.length === 0) return null;
  const required = (composer ?? "").split('"require-dev"', 1)[0] as string;
  const framework = source.isFile("artisan")
    ? "laravel"
    : (FRAMEWORKS.find(([, pattern]) => pattern.test(required))?.[0] ?? null);
  return {
    score: framework ? 88 : index ? 72 : composer !== undefined ? 45 : 30,
    evidence: [
      ...(composer === undefined ? [] : ["composer.json"]),
      ...(framework ? [`composer.json: ${framework}`] : []),
      ...(index ? [`${index} is there`] : []),
      ...(composer === undefined && index === null ? [scripts[0] as string] : []),
    ],
    language: "php",
    runtimeVersion:
      /"php(?:-64bit)?"\s*:\s*"([^"]+)"/.exec(composer ?? "")?.[1] ??
      /^[\d.]+/.exec(source.read(".php-version")?.trim() ?? "")?.[0] ??
      toolVersion(source, "php") ??
      null,
    packageManager: composer === undefined ? null : "composer",
    framework,
    entrypoint: index,
  };
}
