import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    '<?php\n$server = new Swoole\\Http\\Server("0.0.0.0", (int) getenv("PORT"));\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\n$c = curl_init("https://example.com");\ncurl_setopt($c, CURLOPT_SSL_VERIFYPEER, true);\n',
    '<?php\n$s = stream_socket_client("tls://example.com:443");\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n$http->listen($socket);\n',
    '<?php\n$socket = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));\n',
    '<?php\n$url = "https://example.com";\n',
    '<?php\n// stream_socket_server("tls://0.0.0.0:443")\n',
    '<?php\nuse Workerman\\Worker;\n\n$worker = new Worker("http://0.0.0.0:" . getenv("PORT"));\nWorker::runAll();\n',
  ],
  [
    '<?php\n$socket = stream_socket_server("tls://0.0.0.0:8443");\n',
    '<?php\n$socket = stream_socket_server("ssl://0.0.0.0:" . getenv("PORT"));\n',
    '<?php\n$server = new Swoole\\Http\\Server("0.0.0.0", 9501, SWOOLE_PROCESS, SWOOLE_SOCK_TCP | SWOOLE_SSL);\n$server->on("request", fn ($req, $res) => $res->end("hi"));\n$server->start();\n',
    '<?php\nuse React\\Socket\\SocketServer;\n\n$socket = new SocketServer("tls://0.0.0.0:8443");\n$http->listen($socket);\n',
    '<?php\nuse React\\Socket\\SecureServer;\n\n$secure = new SecureServer($socket, $loop, ["local_cert" => "a.pem"]);\n',
    "<?php\nuse Workerman\\Worker;\n\n$worker = new Worker(\"http://0.0.0.0:443\");\n$worker->transport = 'ssl';\nWorker::runAll();\n",
    '<?php\n$scheme = "tls";\n$socket = stream_socket_server($scheme . "://0.0.0.0:8443");\n',
    '<?php\n$socket = stream_socket_server("tcp://0.0.0.0:8443");\nstream_socket_enable_crypto($conn, true, STREAM_CRYPTO_METHOD_TLS_SERVER);\n',
  ],
);
