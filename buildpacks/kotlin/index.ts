/** Kotlin with Gradle or Maven. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, jvmDetection, jvmProject, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "kotlin",
  summary: "Kotlin with Gradle or Maven.",
  detect,
});

function detect(source: Source): Detection | null {
  const project = jvmProject(source);
  if (!project.hasKotlin || project.hasJava) return null;
  return jvmDetection(source, project, "kotlin");
}
