import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN } from "./kotlin.ts";

const main = (body: string): string => `fun main() {\n    ${body.replaceAll("\n", "\n    ")}\n}\n`;
const gradle = (text: string): Record<string, string> => ({
  "build.gradle.kts": text,
  [KOTLIN_MAIN]: main('println("hi")'),
});

export default examplesOf(
  KOTLIN_MAIN,
  [
    main('ProcessBuilder("./bin/tool-linux-amd64", "-v").start()'),
    main(
      'if (System.getProperty("os.name").startsWith("Mac")) {\n    ProcessBuilder("./bin/tool-darwin-arm64").start()\n}',
    ),
    main('Runtime.getRuntime().exec("ffmpeg -i in.mp4")'),
    gradle('dependencies {\n    implementation("io.netty:netty-transport-native-epoll:4.1.1:linux-x86_64")\n}\n'),
    main('println("get tool-darwin-arm64.tar.gz")'),
    main('// ProcessBuilder("tool.exe")\nprintln(1)'),
    gradle('jib {\n    from {\n        platforms { platform { architecture = "amd64"; os = "linux" } }\n    }\n}\n'),
    main('System.loadLibrary("fast")'),
  ],
  [
    main('ProcessBuilder("./bin/tool-linux-arm64", "-v").start()'),
    main('Runtime.getRuntime().exec("tools/convert.exe in.png")'),
    main('System.load("/app/lib/libfast-darwin-arm64.dylib")'),
    main('URL("https://example.com/agent-linux-arm64.tar.gz").openStream()'),
    main('val p = ProcessBuilder(listOf("vendor/helper-aarch64-linux")).start()'),
    gradle('dependencies {\n    runtimeOnly("io.netty:netty-transport-native-kqueue:4.1.1:osx-aarch_64")\n}\n'),
    gradle('jib {\n    from {\n        platforms { platform { architecture = "arm64"; os = "linux" } }\n    }\n}\n'),
    main('URI.create("https://example.com/kubectl_windows_amd64.exe").toURL().readBytes()'),
  ],
);
