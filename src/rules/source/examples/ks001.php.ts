import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    `<?php
use Swoole\\Http\\Server;

$server = new Server("0.0.0.0", (int) (getenv("PORT") ?: 8080));
$server->set(["worker_num" => 2]);
$server->on("request", function ($request, $response) {
    $response->end("hello");
});
$server->start();
`,
    `<?php
require __DIR__ . "/vendor/autoload.php";

$http = new React\\Http\\HttpServer(fn ($request) => React\\Http\\Message\\Response::plaintext("hello\\n"));
$socket = new React\\Socket\\SocketServer("0.0.0.0:" . ($_SERVER["PORT"] ?? "8080"));
$http->listen($socket);
`,
    `<?php
use Workerman\\Worker;

require_once __DIR__ . "/vendor/autoload.php";

$port = getenv("PORT");
$web = new Worker("http://0.0.0.0:" . $port);
$web->count = 4;
$web->onMessage = fn ($connection, $request) => $connection->send("hello");
Worker::runAll();
`,
    `<?php
function port(): int
{
    return (int) ($_ENV["PORT"] ?? 8080);
}

$server = stream_socket_server("tcp://0.0.0.0:" . port(), $code, $message);
while ($client = stream_socket_accept($server, -1)) {
    fwrite($client, "HTTP/1.1 204 No Content\\r\\n\\r\\n");
    fclose($client);
}
`,
    {
      "config/autoload/server.php": `<?php
return [
    'mode' => SWOOLE_PROCESS,
    'servers' => [
        ['name' => 'http', 'type' => Server::SERVER_HTTP, 'host' => '0.0.0.0', 'port' => (int) env('PORT', 9501), 'sock_type' => SWOOLE_SOCK_TCP],
    ],
];
`,
      "bin/hyperf.php": "<?php\nrequire BASE_PATH . '/vendor/autoload.php';\n",
    },
    {
      "index.php": '<?php\necho "hello";\n',
      Procfile: "web: php -S 0.0.0.0:$PORT -t public\n",
    },
    {
      artisan: "",
      "routes.php": "<?php\nRoute::get('/', fn () => 'hello');\n",
      Dockerfile:
        'FROM php:8.4-cli\nCOPY . /app\nCMD ["sh", "-c", "exec php artisan serve --host=0.0.0.0 --port=$PORT"]\n',
    },
    // Behind php-fpm or Apache a page listens on nothing.
    '<?php\nheader("Content-Type: application/json");\necho json_encode(["ok" => true]);\n',
    '<?php\nclass Runner\n{\n    public function __construct(?string $address)\n    {\n        $this->address = $address ?? "0.0.0.0:" . getenv("PORT");\n    }\n\n    public function run()\n    {\n        $socket = new \\React\\Socket\\SocketServer($this->address);\n    }\n}\n',
    "<?php\npassthru($php . ' -S 0.0.0.0:' . getenv('PORT') . ' -t public');\n",
  ],
  [
    `<?php
use Swoole\\Http\\Server;

$server = new Server("0.0.0.0", 9501);
$server->on("request", function ($request, $response) {
    $response->end("hello");
});
$server->start();
`,
    `<?php
require __DIR__ . "/vendor/autoload.php";

$http = new React\\Http\\HttpServer(fn ($request) => React\\Http\\Message\\Response::plaintext("hello\\n"));
$socket = new React\\Socket\\SocketServer("0.0.0.0:8000");
$http->listen($socket);
`,
    `<?php
use Workerman\\Worker;

require_once __DIR__ . "/vendor/autoload.php";

$web = new Worker("http://0.0.0.0:2345");
$web->onMessage = fn ($connection, $request) => $connection->send("hello");
Worker::runAll();
`,
    `<?php
class Config
{
    public const PORT = 7000;
}

$server = stream_socket_server("tcp://0.0.0.0:" . Config::PORT);
while ($client = stream_socket_accept($server, -1)) {
    fclose($client);
}
`,
    {
      "config/process.php": `<?php
return [
    'web' => ['handler' => app\\process\\Http::class, 'listen' => 'http://0.0.0.0:8787', 'count' => 4],
];
`,
      "start.php": "<?php\nsupport\\App::run();\n",
    },
    {
      "config/autoload/server.php": `<?php
return [
    'mode' => SWOOLE_PROCESS,
    'servers' => [
        ['name' => 'http', 'type' => Server::SERVER_HTTP, 'host' => '0.0.0.0', 'port' => 9501, 'sock_type' => SWOOLE_SOCK_TCP],
    ],
];
`,
      "bin/hyperf.php": "<?php\nrequire BASE_PATH . '/vendor/autoload.php';\n",
    },
    {
      "index.php": '<?php\necho "hello";\n',
      Dockerfile: 'FROM php:8.4-cli\nCOPY . /app\nCMD ["php", "-S", "0.0.0.0:8000", "-t", "/app/public"]\n',
    },
    `<?php
use Ratchet\\Http\\HttpServer;
use Ratchet\\Server\\IoServer;
use Ratchet\\WebSocket\\WsServer;

$server = IoServer::factory(new HttpServer(new WsServer(new Chat())), 8081);
$server->run();
`,
    // Another variable's name: the platform sets PORT alone.
    `<?php
$server = new OpenSwoole\\Http\\Server("0.0.0.0", (int) getenv("SERVER_PORT"));
$server->on("request", fn ($request, $response) => $response->end("hello"));
$server->start();
`,
    '<?php\nuse Swoole\\Http\\Server as HttpServer;\n$conf = load();\n$port = isset($conf["listen_port"]) ? $conf["listen_port"] : 5200;\n$class = HttpServer::class;\n$server = new $class("0.0.0.0", $port);\n',
    "<?php\n$port = 8000;\npassthru($php . ' -S 0.0.0.0:' . $port . ' -t public');\n",
  ],
);
