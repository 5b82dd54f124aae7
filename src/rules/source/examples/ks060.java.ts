import { examplesOf } from "./examples.ts";
import { javaMain } from "./java.ts";

const URL = "http://metadata.google.internal/computeMetadata/v1";
const CLIENT = ["java.net.URI", "java.net.http.HttpClient", "java.net.http.HttpRequest", "java.net.http.HttpResponse"];
const SEND = "HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());";

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(
      CLIENT,
      `HttpRequest request = HttpRequest.newBuilder(URI.create("${URL}/instance/region")).header("Metadata-Flavor", "Google").build();\n${SEND}`,
    ),
    javaMain(
      CLIENT,
      `HttpRequest request = HttpRequest.newBuilder()\n    .uri(URI.create("${URL}/project/project-id"))\n    .header("Metadata-Flavor", "Google")\n    .build();\n${SEND}`,
    ),
    javaMain(
      ["java.net.HttpURLConnection", "java.net.URL"],
      `HttpURLConnection c = (HttpURLConnection) new URL("${URL}/instance/id").openConnection();\nc.setRequestProperty("Metadata-Flavor", "Google");\nc.getInputStream();`,
    ),
    javaMain(
      ["okhttp3.OkHttpClient", "okhttp3.Request"],
      `Request request = new Request.Builder().url("${URL}/instance/zone").addHeader("Metadata-Flavor", "Google").build();\nnew OkHttpClient().newCall(request).execute();`,
    ),
    javaMain(["com.google.cloud.MetadataConfig"], "String region = MetadataConfig.getZone();"),
    javaMain(["java.net.URL"], 'new URL("http://169.254.169.254/latest/meta-data/instance-id").openStream();'),
    javaMain([], `String address = "${URL}";\nSystem.out.println(address);`),
    javaMain(["java.net.URL"], 'new URL("https://metadata.example.com/items").openStream();'),
  ],
  [
    javaMain(
      CLIENT,
      `HttpRequest request = HttpRequest.newBuilder(URI.create("${URL}/instance/region")).build();\n${SEND}`,
    ),
    javaMain(
      CLIENT,
      `HttpRequest request = HttpRequest.newBuilder().uri(URI.create("${URL}/project/project-id")).GET().build();\n${SEND}`,
    ),
    javaMain(["java.net.URL"], `new URL("${URL}/instance/id").openStream();`),
    javaMain(
      ["java.net.HttpURLConnection", "java.net.URL"],
      'HttpURLConnection c = (HttpURLConnection) new URL("http://metadata/computeMetadata/v1/instance/zone").openConnection();\nc.setConnectTimeout(1000);\nc.getInputStream();',
    ),
    javaMain(
      ["okhttp3.OkHttpClient", "okhttp3.Request"],
      `Request request = new Request.Builder().url("${URL}/instance/zone").build();\nnew OkHttpClient().newCall(request).execute();`,
    ),
    javaMain(
      ["org.springframework.web.client.RestTemplate"],
      `String id = new RestTemplate().getForObject("${URL}/instance/id", String.class);`,
    ),
    javaMain(
      CLIENT,
      'String base = "http://169.254.169.254/computeMetadata/v1";\nHttpRequest request = HttpRequest.newBuilder(URI.create(base + "/instance/region")).build();\nsend(request);',
    ),
    javaMain(
      ["org.apache.http.client.methods.HttpGet"],
      `HttpGet get = new HttpGet("${URL}/project/numeric-project-id");\nclient.execute(get);`,
    ),
  ],
);
