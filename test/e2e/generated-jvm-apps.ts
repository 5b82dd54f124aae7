/** Java, Kotlin and Scala: small real apps, one a build tool. */
import type { GeneratedApp } from "./generated-apps.ts";

const PORT_ENV = "PORT";

const POM = (inner: string) => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
${inner}
</project>
`;

const JAVA = (name: string) => `package hello;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Main {
  public static void main(String[] args) throws Exception {
    String port = System.getenv().getOrDefault("${PORT_ENV}", "8080");
    HttpServer server = HttpServer.create(new InetSocketAddress("0.0.0.0", Integer.parseInt(port)), 0);
    byte[] body = "hello from ${name}".getBytes();
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
`;

export const JVM_APPS: Readonly<Record<string, GeneratedApp>> = {
  "java maven spring boot": {
    files: {
      "pom.xml": POM(`  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>3.5.7</version>
  </parent>
  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0.0</version>
  <properties><java.version>21</java.version></properties>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-web</artifactId>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.springframework.boot</groupId>
        <artifactId>spring-boot-maven-plugin</artifactId>
      </plugin>
    </plugins>
  </build>`),
      "src/main/java/com/example/Hello.java": `package com.example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class Hello {
  public static void main(String[] args) {
    SpringApplication.run(Hello.class, args);
  }

  @GetMapping("/")
  String hello() {
    return "hello from spring";
  }
}
`,
    },
    asks: { "/": "hello from spring" },
  },
  "java maven quarkus": {
    files: {
      "pom.xml": POM(`  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0.0</version>
  <properties><maven.compiler.release>17</maven.compiler.release></properties>
  <dependencyManagement>
    <dependencies>
      <dependency>
        <groupId>io.quarkus</groupId>
        <artifactId>quarkus-bom</artifactId>
        <version>3.33.2</version>
        <type>pom</type>
        <scope>import</scope>
      </dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.14.1</version></plugin>
      <plugin>
        <groupId>io.quarkus</groupId>
        <artifactId>quarkus-maven-plugin</artifactId>
        <version>3.33.2</version>
        <extensions>true</extensions>
        <executions><execution><goals><goal>build</goal></goals></execution></executions>
      </plugin>
    </plugins>
  </build>`),
      "src/main/java/com/example/Hello.java": `package com.example;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

@Path("/")
public class Hello {
  @GET
  public String hello() {
    return "hello from quarkus";
  }
}
`,
    },
    asks: { "/": "hello from quarkus" },
  },
  "java gradle": {
    files: {
      "settings.gradle": "include 'app'\n",
      "app/build.gradle": "apply plugin: 'java'\napply plugin: 'application'\nmainClassName = 'hello.Main'\n",
      "app/src/main/java/hello/Main.java": JAVA("gradle"),
    },
    asks: { "/": "hello from gradle" },
  },
  "java war": {
    files: {
      "pom.xml": POM(`  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0.0</version>
  <packaging>war</packaging>
  <properties><maven.compiler.release>17</maven.compiler.release></properties>
  <dependencies>
    <dependency>
      <groupId>jakarta.servlet</groupId>
      <artifactId>jakarta.servlet-api</artifactId>
      <version>6.1.0</version>
      <scope>provided</scope>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <artifactId>maven-war-plugin</artifactId>
        <version>3.4.0</version>
        <configuration><failOnMissingWebXml>false</failOnMissingWebXml></configuration>
      </plugin>
    </plugins>
  </build>`),
      "src/main/java/com/example/Hello.java": `package com.example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

@WebServlet("/")
public class Hello extends HttpServlet {
  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.getWriter().print("hello from a servlet");
  }
}
`,
    },
    asks: { "/": "hello from a servlet" },
  },
  "scala sbt": {
    files: {
      "build.sbt": 'name := """Hello Scala"""\nscalaVersion := "2.13.16"\n',
      "project/build.properties": "sbt.version=1.11.7\n",
      "src/main/scala/Main.scala": `import com.sun.net.httpserver.HttpServer
import java.net.InetSocketAddress

object Main extends App {
  val server = HttpServer.create(new InetSocketAddress("0.0.0.0", sys.env.getOrElse("${PORT_ENV}", "8080").toInt), 0)
  server.createContext("/", exchange => {
    val body = "hello from scala".getBytes
    exchange.sendResponseHeaders(200, body.length)
    exchange.getResponseBody.write(body)
    exchange.close()
  })
  server.start()
}
`,
    },
    asks: { "/": "hello from scala" },
  },
  "kotlin maven": {
    files: {
      "pom.xml": POM(`  <groupId>com.example</groupId>
  <artifactId>hello</artifactId>
  <version>1.0.0</version>
  <properties>
    <maven.compiler.release>21</maven.compiler.release>
    <kotlin.version>2.2.21</kotlin.version>
  </properties>
  <dependencies>
    <dependency>
      <groupId>org.jetbrains.kotlin</groupId>
      <artifactId>kotlin-stdlib</artifactId>
      <version>\${kotlin.version}</version>
    </dependency>
  </dependencies>
  <build>
    <sourceDirectory>src/main/kotlin</sourceDirectory>
    <plugins>
      <plugin>
        <groupId>org.jetbrains.kotlin</groupId>
        <artifactId>kotlin-maven-plugin</artifactId>
        <version>\${kotlin.version}</version>
        <executions><execution><goals><goal>compile</goal></goals></execution></executions>
      </plugin>
    </plugins>
  </build>`),
      "src/main/kotlin/com/example/main.kt": `package com.example

import com.sun.net.httpserver.HttpServer
import java.net.InetSocketAddress

fun main() {
    val port = System.getenv("${PORT_ENV}")?.toInt() ?: 8080
    val server = HttpServer.create(InetSocketAddress("0.0.0.0", port), 0)
    server.createContext("/") { exchange ->
        val body = listOf("hello", "from", "kotlin").joinToString(" ").toByteArray()
        exchange.sendResponseHeaders(200, body.size.toLong())
        exchange.responseBody.use { it.write(body) }
    }
    server.start()
}
`,
    },
    asks: { "/": "hello from kotlin" },
  },
};
