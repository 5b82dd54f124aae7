import { examplesOf } from "./examples.ts";
import { KOTLIN_MAIN } from "./kotlin.ts";

const URL = "http://metadata.google.internal/computeMetadata/v1";
const fun = (body: string): string => `suspend fun read() {\n    ${body.replaceAll("\n", "\n    ")}\n}\n`;

export default examplesOf(
  KOTLIN_MAIN,
  [
    fun(`client.get("${URL}/instance/region") {\n    header("Metadata-Flavor", "Google")\n}`),
    fun(
      `val c = URL("${URL}/instance/id").openConnection() as HttpURLConnection\nc.setRequestProperty("Metadata-Flavor", "Google")`,
    ),
    fun(
      `val request = HttpRequest.newBuilder(URI.create("${URL}/project/project-id")).header("Metadata-Flavor", "Google").build()`,
    ),
    fun("val region = MetadataConfig.getZone()"),
    fun('URL("http://169.254.169.254/latest/meta-data/instance-id").readText()'),
    fun(`// URL("${URL}/instance/region").readText()\nprintln(1)`),
    `const val METADATA = "${URL}"\n`,
    fun('client.get("https://metadata.example.com/items")'),
  ],
  [
    fun(`URL("${URL}/instance/region").readText()`),
    fun(`client.get("${URL}/project/project-id").bodyAsText()`),
    fun('val c = URL("http://metadata/computeMetadata/v1/instance/zone").openConnection()\nc.connectTimeout = 1000'),
    fun(`val request = HttpRequest.newBuilder(URI.create("${URL}/instance/id")).GET().build()`),
    fun(`val request = Request.Builder().url("${URL}/instance/zone").build()`),
    fun(`RestTemplate().getForObject("${URL}/instance/id", String::class.java)`),
    fun('client.get("http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token")'),
    fun(`val (_, _, result) = "${URL}/instance/region".httpGet().responseString()`),
  ],
);
