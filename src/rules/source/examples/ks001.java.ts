import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const HTTP = ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"];

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(
      HTTP,
      'int port = Integer.parseInt(System.getenv("PORT"));\nHttpServer.create(new InetSocketAddress(port), 0).start();',
    ),
    javaMain(
      HTTP,
      'String port = System.getenv("PORT");\nif (port == null) {\n  port = "8080";\n}\nHttpServer.create(new InetSocketAddress(Integer.parseInt(port)), 0).start();',
    ),
    javaMain(
      ["io.javalin.Javalin"],
      'Javalin.create().start(Integer.parseInt(System.getenv().getOrDefault("PORT", "7000")));',
    ),
    springBoot("server.port=${PORT:8080}\n"),
    springBoot("server.port=${SERVER_PORT:${PORT:8080}}\n"),
    springBoot("", "3.3.1", { "src/main/resources/application.yml": "server:\n  port: ${PORT:8080}\n" }),
    springBoot("server.port=8080\n", "3.3.1", {
      Dockerfile: "FROM eclipse-temurin:21\nCMD java -Dserver.port=$PORT -jar app.jar\n",
    }),
    javaMain(
      ["java.util.Optional", "io.javalin.Javalin"],
      'int port = Optional.ofNullable(System.getenv("PORT")).map(Integer::parseInt).orElse(8080);\nJavalin.create().start(port);',
    ),
    {
      "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
      "src/main/resources/application.properties": "quarkus.http.port=${PORT:8080}\n%dev.quarkus.http.port=9000\n",
    },
    'package app;\n\nimport fi.iki.elonen.NanoHTTPD;\n\npublic class Hello extends NanoHTTPD {\n  public Hello() {\n    super(Integer.parseInt(System.getenv("PORT")));\n  }\n\n  public static void main(String[] args) throws Exception {\n    new Hello().start(NanoHTTPD.SOCKET_READ_TIMEOUT, false);\n  }\n}\n',
    'package app;\n\nimport io.prometheus.metrics.exporter.httpserver.HTTPServer;\n\npublic class Exporter {\n  public static void main(String[] args) throws Exception {\n    HTTPServer.builder().hostname("0.0.0.0").port(Integer.parseInt(System.getenv("PORT"))).buildAndStart();\n  }\n}\n',
    'package app;\n\nimport java.net.InetSocketAddress;\nimport java.util.List;\nimport org.example.web.Listeners;\n\npublic class Main {\n  public static void main(String[] args) throws Exception {\n    Listeners.with(new InetSocketAddress(Integer.parseInt(System.getenv("PORT")))).open();\n  }\n}\n',
    "package app;\n\npublic class Waits {\n  public static void main(String[] args) {\n    bus.add(new WaitingListener(10_000));\n  }\n}\n",
    'package app;\n\nimport java.net.InetSocketAddress;\nimport org.java_websocket.server.WebSocketServer;\n\npublic class Chat extends WebSocketServer {\n  public Chat(InetSocketAddress address) {\n    super(address);\n  }\n\n  public static void main(String[] args) {\n    Chat chat = new Chat(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))));\n    chat.start();\n  }\n}\n',
    'package app;\n\nimport jakarta.ws.rs.core.UriBuilder;\nimport java.net.URI;\nimport org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;\n\npublic class Main {\n  private static URI base() {\n    return UriBuilder.fromUri("http://0.0.0.0/").port(Integer.parseInt(System.getenv("PORT"))).build();\n  }\n\n  public static void main(String[] args) throws Exception {\n    GrizzlyHttpServerFactory.createHttpServer(base(), resources());\n  }\n}\n',
    'package app;\n\nimport org.apache.cxf.jaxrs.JAXRSServerFactoryBean;\n\npublic class Main {\n  public static void main(String[] args) {\n    JAXRSServerFactoryBean factory = new JAXRSServerFactoryBean();\n    factory.setAddress("http://0.0.0.0:" + System.getenv("PORT") + "/");\n    factory.create();\n  }\n}\n',
  ],
  [
    javaMain(HTTP, "HttpServer.create(new InetSocketAddress(8000), 0).start();"),
    javaMain(["io.javalin.Javalin"], "Javalin app = Javalin.create();\napp.start(7000);"),
    javaMain(
      ["java.net.ServerSocket"],
      "int port = 9000;\nServerSocket socket = new ServerSocket(port);\nsocket.accept();",
    ),
    springBoot("server.port=9090\n"),
    springBoot("spring.application.name=app\n"),
    springBoot("server.port=${SERVER_PORT:8081}\n"),
    javaMain(["io.grpc.ServerBuilder"], "ServerBuilder.forPort(50051).build().start().awaitTermination();"),
    {
      "pom.xml": "<project><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></project>",
      "src/main/resources/application.properties": "quarkus.application.name=x\n",
    },
    javaMain(
      ["org.eclipse.jetty.server.Server"],
      'Server server = new Server(Integer.parseInt(System.getProperty("port", "8090")));\nserver.start();',
    ),
    "package app;\n\nimport fi.iki.elonen.NanoHTTPD;\n\npublic class Hello extends NanoHTTPD {\n  public Hello() {\n    super(9000);\n  }\n\n  public static void main(String[] args) throws Exception {\n    new Hello().start(NanoHTTPD.SOCKET_READ_TIMEOUT, false);\n  }\n}\n",
    'package app;\n\nimport io.prometheus.metrics.exporter.httpserver.HTTPServer;\n\npublic class Exporter {\n  public static void main(String[] args) throws Exception {\n    HTTPServer.builder().hostname("0.0.0.0").port(9404).buildAndStart();\n  }\n}\n',
    "package app;\n\nimport java.net.InetSocketAddress;\nimport java.util.List;\nimport org.example.web.Listeners;\n\npublic class Main {\n  public static void main(String[] args) throws Exception {\n    Listeners.with(new InetSocketAddress(7000)).open();\n  }\n}\n",
    {
      "src/main/java/app/Main.java":
        'package app;\n\nimport org.eclipse.jetty.server.Server;\nimport org.eclipse.jetty.server.ServerConnector;\n\npublic class Main {\n  private static final String DEFAULT_INTERFACE = "0.0.0.0";\n  private static int port;\n  private static String iface;\n\n  public static void main(String[] args) throws Exception {\n    port = Settings.getInteger("app.port", 3333);\n    iface = Settings.get("app.interface", DEFAULT_INTERFACE);\n    new Main().init();\n  }\n\n  void init() throws Exception {\n    AppServer server = new AppServer();\n    server.init(iface, port, null);\n  }\n}\n\nclass AppServer extends Server {\n  void init(String iface, int port) throws Exception {\n    init(iface, port, null);\n  }\n\n  void init(String iface, int port, String socket) throws Exception {\n    ServerConnector connector = new ServerConnector(this);\n    connector.setPort(port);\n    connector.setHost(iface);\n    addConnector(connector);\n    start();\n  }\n}\n',
      "src/main/java/app/Settings.java":
        "package app;\n\npublic class Settings {\n  public static String get(String name) {\n    return System.getProperty(name);\n  }\n\n  public static String get(String name, String otherwise) {\n    String value = get(name);\n    return value == null ? otherwise : value;\n  }\n\n  public static int getInteger(String name, int otherwise) {\n    String value = get(name);\n    return value == null ? otherwise : Integer.parseInt(value);\n  }\n}\n",
    },
    "package app;\n\nimport java.net.InetSocketAddress;\nimport org.java_websocket.server.WebSocketServer;\n\npublic class Chat extends WebSocketServer {\n  public Chat(InetSocketAddress address) {\n    super(address);\n  }\n\n  public static void main(String[] args) {\n    Chat chat = new Chat(new InetSocketAddress(8887));\n    chat.start();\n  }\n}\n",
    'package app;\n\nimport java.net.URI;\nimport org.glassfish.jersey.netty.httpserver.NettyHttpContainerProvider;\n\npublic class Main {\n  private static final URI BASE = URI.create("http://localhost:8080/");\n\n  public static void main(String[] args) {\n    NettyHttpContainerProvider.createHttp2Server(BASE, resources(), null);\n  }\n}\n',
    'package app;\n\nimport javax.xml.ws.Endpoint;\n\npublic class Main {\n  public static void main(String[] args) {\n    Endpoint.publish("http://0.0.0.0:9000/hello", new Greeter());\n  }\n}\n',
    'package app;\n\nimport java.util.Map;\nimport org.eclipse.jetty.server.Server;\nimport org.eclipse.jetty.server.ServerConnector;\n\npublic class Main {\n  static int port(Map<String, String> options) {\n    if (options.containsKey("port")) {\n      return Integer.parseInt(options.get("port"));\n    }\n    return 8889;\n  }\n\n  public static void main(String[] args) throws Exception {\n    Server server = new Server();\n    ServerConnector connector = new ServerConnector(server);\n    connector.setPort(port(parse(args)));\n    server.addConnector(connector);\n    server.start();\n    System.out.println(row("ADMIN PORT", connector.getPort()));\n  }\n}\n',
  ],
);
