import { examplesOf } from "./examples.ts";
import { javaMain, springBoot } from "./java.ts";

const HTTP = ["com.sun.net.httpserver.HttpServer", "java.net.InetSocketAddress"];
const PORT = 'int port = Integer.parseInt(System.getenv("PORT"));\n';

export default examplesOf(
  "src/main/java/app/Main.java",
  [
    javaMain(HTTP, `${PORT}HttpServer.create(new InetSocketAddress(port), 0).start();`),
    javaMain(HTTP, `${PORT}HttpServer.create(new InetSocketAddress("0.0.0.0", port), 0).start();`),
    springBoot("server.port=${PORT:8080}\n"),
    springBoot("server.port=${PORT:8080}\nserver.address=0.0.0.0\n"),
    springBoot("server.port=${PORT:8080}\nspring.data.redis.host=localhost\n"),
    javaMain(["java.net.ServerSocket"], `${PORT}new ServerSocket(port).accept();`),
    javaMain(
      ["java.net.Socket", "java.net.ServerSocket"],
      `${PORT}new Socket("localhost", 5432);\nnew ServerSocket(port).accept();`,
    ),
    javaMain(["io.javalin.Javalin"], `${PORT}Javalin.create().start(port);`),
    {
      "src/main/java/app/Main.java":
        'package app;\n\nimport org.eclipse.jetty.server.Server;\nimport org.eclipse.jetty.server.ServerConnector;\n\npublic class Main {\n  private static final String DEFAULT_INTERFACE = "0.0.0.0";\n  private static int port;\n  private static String iface;\n\n  public static void main(String[] args) throws Exception {\n    port = Settings.getInteger("app.port", 3333);\n    iface = Settings.get("app.interface", DEFAULT_INTERFACE);\n    new Main().init();\n  }\n\n  void init() throws Exception {\n    AppServer server = new AppServer();\n    server.init(iface, port, null);\n  }\n}\n\nclass AppServer extends Server {\n  void init(String iface, int port) throws Exception {\n    init(iface, port, null);\n  }\n\n  void init(String iface, int port, String socket) throws Exception {\n    ServerConnector connector = new ServerConnector(this);\n    connector.setPort(port);\n    connector.setHost(iface);\n    addConnector(connector);\n    start();\n  }\n}\n',
      "src/main/java/app/Settings.java":
        "package app;\n\npublic class Settings {\n  public static String get(String name) {\n    return System.getProperty(name);\n  }\n\n  public static String get(String name, String otherwise) {\n    String value = get(name);\n    return value == null ? otherwise : value;\n  }\n\n  public static int getInteger(String name, int otherwise) {\n    String value = get(name);\n    return value == null ? otherwise : Integer.parseInt(value);\n  }\n}\n",
    },
    'package app;\n\nimport jakarta.ws.rs.core.UriBuilder;\nimport java.net.URI;\nimport org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;\n\npublic class Main {\n  private static URI base() {\n    return UriBuilder.fromUri("http://0.0.0.0/").port(Integer.parseInt(System.getenv("PORT"))).build();\n  }\n\n  public static void main(String[] args) throws Exception {\n    GrizzlyHttpServerFactory.createHttpServer(base(), resources());\n  }\n}\n',
    'package app;\n\nimport org.apache.cxf.jaxrs.JAXRSServerFactoryBean;\n\npublic class Main {\n  public static void main(String[] args) {\n    JAXRSServerFactoryBean factory = new JAXRSServerFactoryBean();\n    factory.setAddress("http://0.0.0.0:" + System.getenv("PORT") + "/");\n    factory.create();\n  }\n}\n',
    'package app;\n\nimport java.net.URI;\nimport org.glassfish.jersey.netty.httpserver.NettyHttpContainerProvider;\n\npublic class Main {\n  private static final URI BASE = URI.create("http://localhost:8080/");\n\n  public static void main(String[] args) {\n    // Of its address only the port counts.\n    NettyHttpContainerProvider.createHttp2Server(BASE, resources(), null);\n  }\n}\n',
    'package app;\n\nimport io.netty.bootstrap.ServerBootstrap;\nimport java.net.InetSocketAddress;\n\npublic class Main {\n  public static void main(String[] args) throws Exception {\n    int port = Integer.parseInt(System.getenv("PORT"));\n    ServerBootstrap bootstrap = new ServerBootstrap();\n    bootstrap.localAddress(new InetSocketAddress("0.0.0.0", port)).childHandler(handler());\n    bootstrap.bind().sync();\n  }\n}\n',
  ],
  [
    javaMain(HTTP, `${PORT}HttpServer.create(new InetSocketAddress("localhost", port), 0).start();`),
    javaMain(
      HTTP,
      `${PORT}String host = "127.0.0.1";\nHttpServer.create(new InetSocketAddress(host, port), 0).start();`,
    ),
    springBoot("server.port=${PORT:8080}\nserver.address=127.0.0.1\n"),
    springBoot("server.port=${PORT:8080}\nserver.address=localhost\n"),
    springBoot("server.port=${PORT:8080}\nserver.address=127.0.0.1\n", "3.3.1", { "pom.xml": "<project/>" }),
    javaMain(["io.undertow.Undertow"], `${PORT}Undertow.builder().addHttpListener(port, "localhost").build().start();`),
    javaMain(
      ["io.vertx.core.Vertx"],
      `${PORT}Vertx vertx = Vertx.vertx();\nvertx.createHttpServer().listen(port, "127.0.0.1");`,
    ),
    javaMain(
      ["java.net.InetAddress", "java.net.ServerSocket"],
      `${PORT}new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1")).accept();`,
    ),
    javaMain(
      [...HTTP, "java.net.InetAddress"],
      `${PORT}HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0).start();`,
    ),
    {
      "src/main/java/app/Main.java":
        'package app;\n\nimport org.eclipse.jetty.server.Server;\nimport org.eclipse.jetty.server.ServerConnector;\n\npublic class Main {\n  private static final String DEFAULT_INTERFACE = "127.0.0.1";\n  private static int port;\n  private static String iface;\n\n  public static void main(String[] args) throws Exception {\n    port = Settings.getInteger("app.port", 3333);\n    iface = Settings.get("app.interface", DEFAULT_INTERFACE);\n    new Main().init();\n  }\n\n  void init() throws Exception {\n    AppServer server = new AppServer();\n    server.init(iface, port, null);\n  }\n}\n\nclass AppServer extends Server {\n  void init(String iface, int port) throws Exception {\n    init(iface, port, null);\n  }\n\n  void init(String iface, int port, String socket) throws Exception {\n    ServerConnector connector = new ServerConnector(this);\n    connector.setPort(port);\n    connector.setHost(iface);\n    addConnector(connector);\n    start();\n  }\n}\n',
      "src/main/java/app/Settings.java":
        "package app;\n\npublic class Settings {\n  public static String get(String name) {\n    return System.getProperty(name);\n  }\n\n  public static String get(String name, String otherwise) {\n    String value = get(name);\n    return value == null ? otherwise : value;\n  }\n\n  public static int getInteger(String name, int otherwise) {\n    String value = get(name);\n    return value == null ? otherwise : Integer.parseInt(value);\n  }\n}\n",
    },
    'package app;\n\nimport jakarta.ws.rs.core.UriBuilder;\nimport java.net.URI;\nimport org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;\n\npublic class Main {\n  private static URI base() {\n    return UriBuilder.fromUri("http://localhost/").port(Integer.parseInt(System.getenv("PORT"))).build();\n  }\n\n  public static void main(String[] args) throws Exception {\n    GrizzlyHttpServerFactory.createHttpServer(base(), resources());\n  }\n}\n',
    'package app;\n\nimport org.apache.cxf.jaxrs.JAXRSServerFactoryBean;\n\npublic class Main {\n  public static void main(String[] args) {\n    JAXRSServerFactoryBean factory = new JAXRSServerFactoryBean();\n    factory.setAddress("http://localhost:" + System.getenv("PORT") + "/");\n    factory.create();\n  }\n}\n',
    'package app;\n\nimport io.netty.bootstrap.ServerBootstrap;\nimport java.net.InetSocketAddress;\n\npublic class Main {\n  public static void main(String[] args) throws Exception {\n    int port = Integer.parseInt(System.getenv("PORT"));\n    ServerBootstrap bootstrap = new ServerBootstrap();\n    bootstrap.localAddress(new InetSocketAddress("localhost", port)).childHandler(handler());\n    bootstrap.bind().sync();\n  }\n}\n',
    'package app;\n\nimport com.sun.net.httpserver.HttpServer;\nimport java.net.InetSocketAddress;\n\npublic class Main {\n  private String host = "127.0.0.1";\n\n  public void setHost(String host) {\n    this.host = host;\n  }\n\n  void run() throws Exception {\n    HttpServer.create(new InetSocketAddress(host, Integer.parseInt(System.getenv("PORT"))), 0).start();\n  }\n}\n',
  ],
);
