import { examplesOf } from "./examples.ts";
import { goMain } from "./go-program.ts";

const URL = "http://metadata.google.internal/computeMetadata/v1";

export default examplesOf(
  "main.go",
  [
    goMain(
      "net/http",
      `req, _ := http.NewRequest("GET", "${URL}/instance/region", nil)\nreq.Header.Set("Metadata-Flavor", "Google")\nhttp.DefaultClient.Do(req)`,
    ),
    goMain(
      "net/http",
      `req, _ := http.NewRequest(http.MethodGet, "${URL}/project/project-id", nil)\nreq.Header.Add("metadata-flavor", "Google")\n(&http.Client{}).Do(req)`,
    ),
    goMain("cloud.google.com/go/compute/metadata fmt", "region, _ := metadata.Zone()\nfmt.Println(region)"),
    goMain(
      "net/http context",
      `req, _ := http.NewRequestWithContext(context.Background(), "GET", "${URL}/instance/id", nil)\nreq.Header = http.Header{"Metadata-Flavor": {"Google"}}\nhttp.DefaultClient.Do(req)`,
    ),
    goMain("net/http", 'http.Get("http://169.254.169.254/latest/meta-data/instance-id")'),
    goMain("net/http", `// http.Get("${URL}/instance/region")\nhttp.Get("https://example.com")`),
    goMain("fmt", `fmt.Println("${URL}")`),
    goMain("net/http", 'http.Get("https://metadata.example.com/v1/items")'),
  ],
  [
    goMain("net/http", `http.Get("${URL}/instance/region")`),
    goMain(
      "net/http",
      `resp, err := http.Get(base + "/project/project-id")\n_, _ = resp, err`,
      `const base = "${URL}"`,
    ),
    goMain("net/http", `req, _ := http.NewRequest("GET", "${URL}/instance/id", nil)\nhttp.DefaultClient.Do(req)`),
    goMain(
      "net/http context",
      'req, _ := http.NewRequestWithContext(context.Background(), "GET", "http://metadata/computeMetadata/v1/instance/zone", nil)\nreq.Header.Set("Accept", "text/plain")\nhttp.DefaultClient.Do(req)',
    ),
    goMain(
      "net/http time",
      `client := http.Client{Timeout: time.Second}\nclient.Get("${URL}/instance/service-accounts/default/token")`,
    ),
    goMain(
      "net/http fmt",
      'path := "instance/region"\nhttp.Get(fmt.Sprintf("http://metadata.google.internal/computeMetadata/v1/%s", path))',
    ),
    goMain("net/http", 'http.DefaultClient.Get("http://169.254.169.254/computeMetadata/v1/instance/id")'),
    goMain(
      "net/http",
      `region()`,
      `func region() {\n\treq, err := http.NewRequest(http.MethodGet, "${URL}/instance/region", nil)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n\thttp.DefaultClient.Do(req)\n}`,
    ),
  ],
);
