import { examplesOf } from "./examples.ts";
import { javaMain } from "./java.ts";

const pom = (inner: string): Record<string, string> => ({
  "pom.xml": `<project>${inner}</project>`,
  "src/main/java/app/Main.java": javaMain([], 'System.out.println("hi");'),
});

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain([], 'new ProcessBuilder("./bin/tool-linux-amd64", "-v").start();'),
    javaMain(
      [],
      'String os = System.getProperty("os.name");\nif (os.startsWith("Windows")) {\n  new ProcessBuilder("tool.exe").start();\n}',
    ),
    javaMain([], 'Runtime.getRuntime().exec("ffmpeg -i in.mp4");'),
    pom(
      "<dependency><artifactId>netty-transport-native-epoll</artifactId><classifier>linux-x86_64</classifier></dependency>",
    ),
    pom(
      "<dependency><artifactId>netty-tcnative</artifactId><classifier>linux-x86_64</classifier></dependency>\n<dependency><artifactId>netty-tcnative</artifactId><classifier>linux-aarch_64</classifier></dependency>",
    ),
    pom(
      "<plugin><artifactId>jib-maven-plugin</artifactId><platform><architecture>amd64</architecture><os>linux</os></platform></plugin>",
    ),
    javaMain([], 'System.out.println("get tool-darwin-arm64.tar.gz");'),
    javaMain([], 'System.loadLibrary("fast");'),
  ],
  [
    javaMain([], 'new ProcessBuilder("./bin/tool-linux-arm64", "-v").start();'),
    javaMain([], 'Runtime.getRuntime().exec("tools/convert.exe in.png out.png");'),
    javaMain([], 'System.load("/app/lib/libfast-linux-aarch64.so");'),
    javaMain(["java.net.URL"], 'new URL("https://example.com/agent-linux-arm64.tar.gz").openStream();'),
    javaMain([], 'String tool = "./vendor/helper-darwin-x86_64";\nnew ProcessBuilder(tool).inheritIO().start();'),
    pom(
      "<dependency><artifactId>netty-transport-native-kqueue</artifactId><classifier>osx-aarch_64</classifier></dependency>",
    ),
    pom(
      "<plugin><artifactId>jib-maven-plugin</artifactId><platform><architecture>arm64</architecture><os>linux</os></platform></plugin>",
    ),
    {
      "build.gradle":
        'dependencies {\n  runtimeOnly "io.netty:netty-tcnative-boringssl-static:2.0.65.Final:linux-aarch_64"\n}\n',
      "src/main/java/app/Main.java": javaMain([], 'System.out.println("hi");'),
    },
  ],
);
