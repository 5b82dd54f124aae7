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

const APP_PY = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'hi']\n";
const tomcat = (connectors: string): Record<string, string> => ({
  "conf/server.xml": `<Server port="-1">\n  <Service name="Catalina">\n${connectors}  </Service>\n</Server>\n`,
});
const haproxy = (bind: string, server = "127.0.0.1:3000"): Record<string, string> => ({
  "haproxy.cfg": `defaults\n  mode http\n\nfrontend web\n  ${bind}\n  default_backend app\n\nbackend app\n  server app ${server}\n`,
});
const envoy = (context: "Downstream" | "Upstream" | undefined): Record<string, string> => {
  const socket = (indent: string): string =>
    `${indent}transport_socket:\n${indent}  name: envoy.transport_sockets.tls\n${indent}  typed_config:\n${indent}    "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.${context}TlsContext\n`;
  return {
    "envoy.yaml": `static_resources:\n  listeners:\n  - name: web\n    address: { socket_address: { address: 0.0.0.0, port_value: 8080 } }\n    filter_chains:\n    - filters: []\n${context === "Downstream" ? socket("      ") : ""}  clusters:\n  - name: app\n${context === "Upstream" ? socket("    ") : ""}`,
  };
};

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
    { "hypercorn.toml": 'bind = "0.0.0.0:8080"\n# certfile = "cert.pem"\nca_certs = ""\n' },
    {
      "uwsgi.ini": "[uwsgi]\nhttp-socket = 0.0.0.0:8080\n; https = :8443,a.crt,a.key\nwsgi-file = app.py\n",
      "app.py": APP_PY,
    },
    tomcat(
      '    <Connector port="8080" protocol="HTTP/1.1" />\n    <!-- <Connector port="8443" SSLEnabled="true" /> -->\n',
    ),
    tomcat('    <Connector port="8080" protocol="HTTP/1.1" scheme="https" secure="true" proxyPort="443" />\n'),
    haproxy("bind :8080"),
    haproxy("bind :8080", "api.example.com:443 ssl verify required ca-file /etc/ca.pem"),
    envoy(undefined),
    envoy("Upstream"),
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
    { "hypercorn.toml": 'bind = "0.0.0.0:8443"\ncertfile = "cert.pem"\nkeyfile = "key.pem"\n' },
    {
      "hypercorn_config.py": 'bind = ["0.0.0.0:8443"]\nkeyfile = "/etc/tls/key.pem"\ncertfile = "/etc/tls/cert.pem"\n',
    },
    { "uwsgi.ini": "[uwsgi]\nhttps = 0.0.0.0:8443,a.crt,a.key\nwsgi-file = app.py\n", "app.py": APP_PY },
    { "app.py": APP_PY, Procfile: "web: uwsgi --https 0.0.0.0:8443,a.crt,a.key --wsgi-file app.py\n" },
    tomcat(
      '    <Connector port="8443" protocol="org.apache.coyote.http11.Http11NioProtocol"\n      maxThreads="150" SSLEnabled="true">\n      <SSLHostConfig/>\n    </Connector>\n',
    ),
    haproxy("bind :8443 ssl crt /etc/ssl/site.pem alpn h2,http/1.1"),
    haproxy("bind *:443 name tls ssl crt /etc/haproxy/certs"),
    envoy("Downstream"),
    { "app.py": "", Procfile: "web: gunicorn --certfile a.pem --keyfile a.key app:app\n" },
  ],
);
