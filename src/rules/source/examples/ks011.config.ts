import { examplesOf } from "./examples.ts";

const POM =
  "<project><parent><artifactId>spring-boot-starter-parent</artifactId> <version>3.3.1</version></parent><dependency>spring-boot-starter-web</dependency></project>";
const APP =
  "package a;\nimport org.springframework.boot.SpringApplication;\n@SpringBootApplication\npublic class App {\n  public static void main(String[] args) {\n    SpringApplication.run(App.class, args);\n  }\n}\n";
const spring = (properties: string, more: Record<string, string> = {}): Record<string, string> => ({
  "src/main/java/a/App.java": APP,
  "pom.xml": POM,
  "src/main/resources/application.properties": properties,
  ...more,
});

export default examplesOf(
  "nginx.conf",
  [
    "server {\n  listen 8080;\n  location / {\n    proxy_pass https://example.com;\n  }\n}\n",
    "server {\n  # listen 443 ssl;\n  listen 8080;\n}\n",
    { Caddyfile: ":8080 {\n  respond ok\n}\n" },
    { Caddyfile: "{\n  auto_https off\n}\nexample.com {\n  respond ok\n}\n" },
    { "gunicorn.conf.py": 'bind = "0.0.0.0:8080"\ncertfile = None\n' },
    { "httpd.conf": "Listen 8080\n# SSLEngine on\n" },
    spring("server.port=${PORT:8080}\nserver.ssl.enabled=false\nserver.ssl.key-store=classpath:k.p12\n"),
    spring("server.port=${PORT:8080}\n", {
      "src/main/resources/application-tls.properties": "server.ssl.key-store=classpath:k.p12\n",
    }),
    { "appsettings.json": '{ "Kestrel": { "Endpoints": { "Http": { "Url": "http://0.0.0.0:8080" } } } }' },
    { "config/puma.rb": 'port ENV.fetch("PORT", 3000)\n' },
  ],
  [
    "server {\n  listen 443 ssl;\n  ssl_certificate a.pem;\n}\n",
    "server {\n  listen [::]:443 ssl http2;\n}\n",
    { Caddyfile: "example.com {\n  respond ok\n}\n" },
    { "httpd.conf": "<VirtualHost *:443>\n  SSLEngine on\n</VirtualHost>\n" },
    { "gunicorn.conf.py": 'bind = "0.0.0.0:8443"\ncertfile = "/etc/cert.pem"\nkeyfile = "/etc/key.pem"\n' },
    spring("server.ssl.key-store=classpath:k.p12\nserver.ssl.key-store-password=x\n"),
    spring("spring.profiles.active=prod\n", {
      "src/main/resources/application-prod.yml": "server:\n  ssl:\n    certificate: classpath:a.crt\n",
    }),
    {
      "appsettings.json":
        '{ "Kestrel": { "Endpoints": { "Https": { "Url": "https://0.0.0.0:8443", "Certificate": { "Path": "a.pfx" } } } } }',
    },
    { "config/puma.rb": "ssl_bind '0.0.0.0', '9292', { key: 'a.key', cert: 'a.crt' }\n" },
    { "app.py": "", Procfile: "web: gunicorn --certfile a.pem --keyfile a.key app:app\n" },
  ],
);
