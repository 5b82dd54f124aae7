/** Kotlin with Gradle or Maven. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, jvmDetection, jvmProject, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "kotlin",
  summary: "Kotlin with Gradle or Maven.",
  what: "a Kotlin program",
  detect,
});

function detect(source: Source): Detection | null {
  const project = jvmProject(source);
  // Of both the language that more of it is written in.
  if (project.kotlin === 0 || project.kotlin <= project.java) return null;
  return jvmDetection(source, project, "kotlin");
}
