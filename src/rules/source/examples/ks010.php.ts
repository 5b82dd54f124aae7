import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    `<?php
$server = new Swoole\\Http\\Server("0.0.0.0", (int) getenv("PORT"), SWOOLE_PROCESS, SWOOLE_SOCK_TCP);
$server->on("request", fn ($request, $response) => $response->end("hello"));
$server->start();
`,
    // A client of a TLS server is none itself.
    `<?php
$curl = curl_init("https://example.com");
curl_setopt($curl, CURLOPT_SSL_VERIFYPEER, true);
curl_setopt($curl, CURLOPT_SSLCERT, "/etc/client.pem");
echo curl_exec($curl);
`,
    '<?php\n$stream = stream_socket_client("tls://example.com:443", $code, $message, 5);\nfwrite($stream, "GET / HTTP/1.0\\r\\n\\r\\n");\n',
    `<?php
$http = new React\\Http\\HttpServer($handler);
$http->listen(new React\\Socket\\SocketServer("0.0.0.0:" . getenv("PORT")));
`,
    `<?php
use Workerman\\Worker;

$worker = new Worker("http://0.0.0.0:" . getenv("PORT"));
$worker->count = 4;
Worker::runAll();
`,
    `<?php
$connector = new React\\Socket\\Connector(["tls" => ["verify_peer" => true]]);
$connector->connect("tls://example.com:443")->then(fn ($connection) => $connection->end());
`,
    '<?php\nif (($_SERVER["HTTP_X_FORWARDED_PROTO"] ?? "") === "http") {\n    header("Location: https://" . $_SERVER["HTTP_HOST"]);\n}\n',
    '<?php\n// stream_socket_server("tls://0.0.0.0:443") stood here once\n$server = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\n',
    '<?php\nuse React\\Socket\\SocketServer;\n$uri = "{$host}:" . getenv("PORT");\n$socket = new SocketServer($uri);\n',
  ],
  [
    `<?php
$context = stream_context_create(["ssl" => ["local_cert" => "server.pem"]]);
$server = stream_socket_server("tls://0.0.0.0:8443", $code, $message, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
while ($client = stream_socket_accept($server, -1)) {
    fclose($client);
}
`,
    `<?php
$scheme = "ssl";
$server = stream_socket_server($scheme . "://0.0.0.0:" . getenv("PORT"));
`,
    `<?php
$server = new Swoole\\Http\\Server("0.0.0.0", 9501, SWOOLE_PROCESS, SWOOLE_SOCK_TCP | SWOOLE_SSL);
$server->set(["ssl_cert_file" => "cert.pem", "ssl_key_file" => "key.pem"]);
$server->start();
`,
    `<?php
$http = new React\\Http\\HttpServer($handler);
$http->listen(new React\\Socket\\SocketServer("tls://0.0.0.0:8443", ["tls" => ["local_cert" => "server.pem"]]));
`,
    `<?php
$socket = new React\\Socket\\TcpServer("0.0.0.0:" . getenv("PORT"));
$secure = new React\\Socket\\SecureServer($socket, null, ["local_cert" => "server.pem"]);
(new React\\Http\\HttpServer($handler))->listen($secure);
`,
    `<?php
use Workerman\\Worker;

$worker = new Worker("http://0.0.0.0:443", ["ssl" => ["local_cert" => "server.pem"]]);
$worker->transport = "ssl";
Worker::runAll();
`,
    `<?php
$server = stream_socket_server("tcp://0.0.0.0:8443");
while ($client = stream_socket_accept($server, -1)) {
    stream_socket_enable_crypto($client, true, STREAM_CRYPTO_METHOD_TLS_SERVER);
}
`,
    `<?php
use Amp\\Socket;

$context = (new Socket\\BindContext())->withTlsContext((new Socket\\ServerTlsContext())->withDefaultCertificate($certificate));
$server = Amp\\Http\\Server\\SocketHttpServer::createForDirectAccess($logger);
$server->expose("0.0.0.0:443", $context);
`,
    '<?php\nuse React\\Socket\\SocketServer;\n$uri = $secure ? "tls://{$host}:{$port}" : "{$host}:{$port}";\n$socket = new SocketServer($uri, $options);\n',
  ],
);
