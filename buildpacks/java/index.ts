/** Java with Maven or Gradle: Spring Boot, Quarkus and plain servers. Known, and built by a Dockerfile. */
import { type Detection, defineBuildpack, jvmDetection, jvmProject, type Source } from "../../src/sdk.ts";

export default defineBuildpack({
  id: "java",
  summary: "Java with Maven or Gradle: Spring Boot, Quarkus and plain servers.",
  what: "a Java program",
  detect,
});

function detect(source: Source): Detection | null {
  const project = jvmProject(source);
  if (project.kotlin > project.java || (project.java === 0 && project.build === undefined)) return null;
  return jvmDetection(source, project, "java");
}
