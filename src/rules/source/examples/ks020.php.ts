import { examplesOf } from "./examples.ts";

export default examplesOf(
  "server.php",
  [
    `<?php
pcntl_async_signals(true);
pcntl_signal(SIGTERM, fn () => exit(0));

$server = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));
while ($client = stream_socket_accept($server, -1)) {
    fclose($client);
}
`,
    `<?php
use React\\EventLoop\\Loop;

$socket = new React\\Socket\\SocketServer("0.0.0.0:" . getenv("PORT"));
(new React\\Http\\HttpServer($handler))->listen($socket);
Loop::addSignal(SIGTERM, function () use ($socket) {
    $socket->close();
    Loop::stop();
});
`,
    `<?php
final class Server
{
    private bool $running = true;

    public function run(): void
    {
        foreach ([SIGINT, SIGTERM] as $signal) {
            pcntl_signal($signal, fn () => $this->running = false);
        }
        $server = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));
        while ($this->running) {
            @stream_socket_accept($server, 1);
            pcntl_signal_dispatch();
        }
    }
}

(new Server())->run();
`,
    // Swoole and Workerman stop by themselves.
    `<?php
$server = new Swoole\\Http\\Server("0.0.0.0", (int) getenv("PORT"));
$server->on("request", fn ($request, $response) => $response->end("hello"));
$server->start();
`,
    '<?php\n$worker = new Workerman\\Worker("http://0.0.0.0:" . getenv("PORT"));\nWorkerman\\Worker::runAll();\n',
    `<?php
$server = Amp\\Http\\Server\\SocketHttpServer::createForDirectAccess($logger);
$server->expose("0.0.0.0:" . getenv("PORT"));
$server->start($handler, $errorHandler);
Amp\\trapSignal([SIGINT, SIGTERM]);
$server->stop();
`,
    '<?php\nheader("Content-Type: text/plain");\necho "behind php-fpm";\n',
    {
      "index.php": '<?php\necho "hello";\n',
      Dockerfile: 'FROM php:8.4-apache\nCOPY . /var/www/html\nCMD ["apache2-foreground"]\n',
    },
    '<?php\nuse React\\Socket\\SocketServer;\nclass Start extends Command\n{\n    public function handle()\n    {\n        $socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n    }\n\n    public function getSubscribedSignals(): array\n    {\n        return [SIGINT, SIGTERM];\n    }\n}\n',
  ],
  [
    `<?php
$server = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));
while ($client = stream_socket_accept($server, -1)) {
    fclose($client);
}
`,
    `<?php
$socket = new React\\Socket\\SocketServer("0.0.0.0:" . getenv("PORT"));
(new React\\Http\\HttpServer($handler))->listen($socket);
`,
    `<?php
use React\\EventLoop\\Loop;

$socket = new React\\Socket\\SocketServer("0.0.0.0:" . getenv("PORT"));
(new React\\Http\\HttpServer($handler))->listen($socket);
Loop::addSignal(SIGINT, fn () => Loop::stop());
`,
    `<?php
pcntl_async_signals(true);
pcntl_signal(SIGHUP, "reload");

$server = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));
while ($client = stream_socket_accept($server, -1)) {
    answer($client);
}
`,
    `<?php
final class Server
{
    public function run(): void
    {
        $server = stream_socket_server("tcp://0.0.0.0:" . getenv("PORT"));
        while (true) {
            fclose(stream_socket_accept($server, -1));
        }
    }
}

(new Server())->run();
`,
    `<?php
// pcntl_signal(SIGTERM, fn () => exit(0)) is what is missing here
$socket = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
socket_bind($socket, "0.0.0.0", (int) getenv("PORT"));
socket_listen($socket);
while ($client = socket_accept($socket)) {
    socket_close($client);
}
`,
    `<?php
pcntl_signal(SIGUSR1, fn () => print(memory_get_usage()));
$socket = new React\\Socket\\TcpServer("0.0.0.0:" . getenv("PORT"));
(new React\\Http\\HttpServer($handler))->listen($socket);
`,
    `<?php
use Ratchet\\Http\\HttpServer;
use Ratchet\\Server\\IoServer;
use Ratchet\\WebSocket\\WsServer;

IoServer::factory(new HttpServer(new WsServer(new Chat())), (int) getenv("PORT"))->run();
`,
    '<?php\nuse React\\Socket\\SocketServer;\nclass Start extends Command\n{\n    public function handle()\n    {\n        $socket = new SocketServer("0.0.0.0:" . getenv("PORT"));\n    }\n\n    public function getSubscribedSignals(): array\n    {\n        return [SIGINT];\n    }\n}\n',
  ],
);
