import { examplesOf } from "./examples.ts";
import { goMain } from "./go-program.ts";

export default examplesOf(
  "main.go",
  [
    goMain("os/exec", 'exec.Command("./bin/tool-linux-amd64", "-v").Run()'),
    goMain("os/exec runtime", 'exec.Command("./bin/tool-" + runtime.GOOS + "-" + runtime.GOARCH).Run()'),
    goMain("os/exec runtime", 'if runtime.GOARCH == "arm64" {\n\texec.Command("./bin/tool-linux-arm64").Run()\n}'),
    goMain("os/exec", 'exec.Command("ffmpeg", "-i", "in.mp4").Run()'),
    goMain("fmt", 'fmt.Println("see tool-darwin-arm64.tar.gz, tool-windows-amd64.exe")'),
    goMain("net/http", 'http.Get("https://example.com/tool-linux-amd64.tar.gz")'),
    {
      "main.go": goMain("fmt", 'fmt.Println("hi")'),
      ".ko.yaml": "defaultPlatforms:\n  - linux/amd64\n  - linux/arm64\n",
    },
    goMain("os/exec", 'name := "tool"\nexec.Command(name).Run()'),
    {
      "main.go":
        'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":"+os.Getenv("PORT"), nil)\n}\n',
      "shell_windows.go":
        'package main\n\nimport "os/exec"\n\nfunc shell(line string) *exec.Cmd { return exec.Command("cmd.exe", "/c", line) }\n',
    },
  ],
  [
    goMain("os/exec", 'exec.Command("./bin/tool-linux-arm64", "-v").Run()'),
    goMain("os/exec", 'exec.Command("tools/convert.exe").Run()'),
    goMain("os/exec context", 'exec.CommandContext(context.Background(), "/app/bin/tool_darwin_amd64").Run()'),
    goMain("net/http", 'http.Get("https://example.com/kubectl-linux-arm64.tar.gz")'),
    goMain(
      "os/exec",
      "out, err := exec.Command(tool).Output()\n_, _ = out, err",
      'const tool = "./vendor/aarch64-linux/helper"',
    ),
    goMain("plugin", 'plugin.Open("plugins/auth-linux-arm64.so")'),
    { "main.go": goMain("fmt", 'fmt.Println("hi")'), ".ko.yaml": "defaultPlatforms:\n  - linux/arm64\n" },
    goMain("os/exec", 'if _, err := exec.LookPath("driver-win64-x64.exe"); err == nil {\n\tpanic(err)\n}'),
  ],
);
