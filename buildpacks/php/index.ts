/** PHP: Laravel and plain scripts. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "php",
  summary: "PHP: Laravel and plain scripts.",
  detect,
});

function detect(source: Source): Detection | null {
  const composer = source.read("composer.json");
  const index = ["public/index.php", "index.php"].find((file) => source.isFile(file)) ?? null;
  if (composer === undefined && index === null) return null;
  const framework =
    source.isFile("artisan") || composer?.includes("laravel/framework")
      ? "laravel"
      : composer?.includes("symfony/framework-bundle")
        ? "symfony"
        : composer?.includes("slim/slim")
          ? "slim"
          : null;
  return {
    score: framework ? 88 : index ? 72 : 45,
    evidence: [
      ...(composer === undefined ? [] : ["composer.json"]),
      ...(framework ? [`composer.json: ${framework}`] : []),
      ...(index ? [`${index} is there`] : []),
    ],
    language: "php",
    runtimeVersion: /"php"\s*:\s*"([^"]+)"/.exec(composer ?? "")?.[1] ?? null,
    packageManager: composer === undefined ? null : "composer",
    framework,
    entrypoint: index,
  };
}
