import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    `<?php
$server = new Swoole\\Http\\Server("0.0.0.0", (int) getenv("PORT"));
$server->on("request", fn ($request, $response) => $response->end("hello"));
$server->start();
`,
    `<?php
$http = new React\\Http\\HttpServer($handler);
$http->listen(new React\\Socket\\SocketServer("[::]:" . getenv("PORT")));
`,
    `<?php
use Workerman\\Worker;

$host = getenv("LISTEN_HOST") ?: "0.0.0.0";
$worker = new Worker("http://" . $host . ":" . getenv("PORT"));
Worker::runAll();
`,
    `<?php
$server = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));
while ($client = stream_socket_accept($server, -1)) {
    fclose($client);
}
`,
    { "index.php": '<?php\necho "hello";\n', Procfile: "web: php -S 0.0.0.0:$PORT -t public\n" },
    {
      "config/process.php":
        "<?php\nreturn ['web' => ['listen' => 'http://0.0.0.0:' . getenv('PORT'), 'count' => 4]];\n",
    },
    // A database on localhost is nobody's listener.
    '<?php\n$db = new PDO("mysql:host=127.0.0.1;port=3306;dbname=app", "app", getenv("DB_PASSWORD"));\n',
    '<?php\n$status = file_get_contents("http://localhost:9000/status");\n',
    '<?php\nuse Swoole\\Http\\Server as HttpServer;\n$ip = isset($conf["listen_ip"]) ? $conf["listen_ip"] : "0.0.0.0";\n$class = HttpServer::class;\n$server = new $class($ip, (int) getenv("PORT"));\n',
    "<?php\n$host = option('host') ?? '0.0.0.0';\n$port = getenv('PORT');\npassthru($php . ' -S ' . $host . ':' . $port . ' -t public');\n",
  ],
  [
    `<?php
$server = new Swoole\\Http\\Server("127.0.0.1", (int) getenv("PORT"));
$server->on("request", fn ($request, $response) => $response->end("hello"));
$server->start();
`,
    `<?php
$http = new React\\Http\\HttpServer($handler);
$http->listen(new React\\Socket\\SocketServer("127.0.0.1:" . getenv("PORT")));
`,
    `<?php
use Workerman\\Worker;

$host = getenv("LISTEN_HOST") ?: "127.0.0.1";
$worker = new Worker("http://" . $host . ":" . getenv("PORT"));
Worker::runAll();
`,
    `<?php
const LISTEN = "localhost";

$server = stream_socket_server("tcp://" . LISTEN . ":" . getenv("PORT"));
while ($client = stream_socket_accept($server, -1)) {
    fclose($client);
}
`,
    { "index.php": '<?php\necho "hello";\n', Procfile: "web: php -S localhost:$PORT -t public\n" },
    {
      artisan: "",
      "routes.php": "<?php\nRoute::get('/', fn () => 'hello');\n",
      Dockerfile: 'FROM php:8.4-cli\nCOPY . /app\nCMD ["sh", "-c", "exec php artisan serve --port=$PORT"]\n',
    },
    `<?php
$socket = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
socket_bind($socket, "127.0.0.1", (int) getenv("PORT"));
socket_listen($socket);
`,
    `<?php
function listen(string $host = "localhost"): Swoole\\Http\\Server
{
    return new Swoole\\Http\\Server($host, (int) getenv("PORT"));
}

listen()->start();
`,
    '<?php\nuse Swoole\\Http\\Server as HttpServer;\n$conf = load();\n$ip = isset($conf["listen_ip"]) ? $conf["listen_ip"] : "127.0.0.1";\n$class = HttpServer::class;\n$server = new $class($ip, (int) getenv("PORT"));\n',
    '<?php\nclass Runner\n{\n    public function __construct(?string $address)\n    {\n        $this->address = $address ?? "127.0.0.1:8080";\n    }\n\n    public function run()\n    {\n        $socket = new \\React\\Socket\\SocketServer($this->address);\n    }\n}\n',
    "<?php\n$host = option('host') ?? 'localhost';\n$port = getenv('PORT');\npassthru($php . ' -S ' . $host . ':' . $port . ' -t public');\n",
  ],
);
