import { examplesOf } from "./examples.ts";

const PORT = 'int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080")';
const TCP = `using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, ${PORT});\nlistener.Start();\n`;
const ACCEPT = "while (true) using (var client = listener.AcceptTcpClient()) { }\n";
const HTTP =
  'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add($"http://*:{Environment.GetEnvironmentVariable("PORT")}/");\nlistener.Start();\n';
const ANSWER = "while (true) { var context = listener.GetContext(); context.Response.Close(); }\n";
const SERVICE = `using System.Net;\nusing System.Net.Sockets;\n\npublic class Listening : BackgroundService\n{\n    protected override async Task ExecuteAsync(CancellationToken stop)\n    {\n        var listener = new TcpListener(IPAddress.Any, ${PORT});\n        listener.Start();\n        while (!stop.IsCancellationRequested) await listener.AcceptTcpClientAsync(stop);\n    }\n}\n`;

export default examplesOf(
  "Program.cs",
  [
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://0.0.0.0:{Environment.GetEnvironmentVariable("PORT")}");\n',
    `public class Program\n{\n    public static void Main(string[] args) =>\n        Host.CreateDefaultBuilder(args).ConfigureWebHostDefaults(web => web.UseStartup<Startup>().UseUrls("http://*:" + Environment.GetEnvironmentVariable("PORT"))).Build().Run();\n}\n`,
    {
      "Program.cs":
        "using Microsoft.Extensions.Hosting;\n\nvar builder = Host.CreateApplicationBuilder(args);\nbuilder.Services.AddHostedService<Listening>();\nbuilder.Build().Run();\n",
      "Listening.cs": SERVICE,
    },
    {
      "Program.cs":
        "await new HostBuilder().ConfigureServices(s => s.AddHostedService<Listening>()).RunConsoleAsync();\n",
      "Listening.cs": SERVICE,
    },
    `${TCP}using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, c => { c.Cancel = true; listener.Stop(); });\n${ACCEPT}`,
    `${HTTP}AppDomain.CurrentDomain.ProcessExit += (_, _) => listener.Stop();\n${ANSWER}`,
    `${HTTP}System.Runtime.Loader.AssemblyLoadContext.Default.Unloading += _ => listener.Close();\n${ANSWER}`,
    "public static class Sum\n{\n    public static int Of(int a, int b) => a + b;\n}\n",
    "using System;\n\nvar server = new WebSocketServer(4649);\nserver.Start();\nAppDomain.CurrentDomain.ProcessExit += (s, e) => server.Stop();\nConsole.ReadLine();\n",
    'using Microsoft.Extensions.Hosting;\nusing System.Net;\nusing System.Net.Sockets;\n\nawait Host.CreateDefaultBuilder(args).ConfigureServices(s => s.AddHostedService<Echo>()).Build().RunAsync();\n\nclass Echo : BackgroundService\n{\n    protected override async Task ExecuteAsync(CancellationToken stop)\n    {\n        var listener = new TcpListener(IPAddress.Any, int.Parse(Environment.GetEnvironmentVariable("PORT")));\n        listener.Start();\n        while (!stop.IsCancellationRequested) await Answer(await listener.AcceptTcpClientAsync(stop));\n    }\n}\n',
  ],
  [
    `${TCP}${ACCEPT}`,
    `${HTTP}${ANSWER}`,
    `${HTTP}Console.CancelKeyPress += (_, e) => { e.Cancel = true; listener.Stop(); };\n${ANSWER}`,
    `${TCP}using var stop = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => listener.Stop());\n${ACCEPT}`,
    `${TCP}// AppDomain.CurrentDomain.ProcessExit += (_, _) => listener.Stop();\n${ACCEPT}`,
    `using System.Net;\nusing System.Net.Sockets;\n\npublic class Program\n{\n    public static void Main(string[] args)\n    {\n        var port = ${PORT};\n        var listener = new TcpListener(IPAddress.Any, port);\n        listener.Start();\n        while (true) listener.AcceptSocket();\n    }\n}\n`,
    {
      "Program.cs": "new Server().Listen();\n",
      "Server.cs": `using System.Net;\n\npublic class Server\n{\n    public void Listen()\n    {\n        var listener = new HttpListener();\n        listener.Prefixes.Add("http://+:" + Environment.GetEnvironmentVariable("PORT") + "/");\n        listener.Start();\n    }\n}\n`,
    },
    `/* PosixSignalRegistration.Create(PosixSignal.SIGTERM, …)\n   is still to come */\n${HTTP}${ANSWER}`,
    "using System;\nusing WebSocketSharp.Server;\n\nvar server = new WebSocketServer(4649);\nserver.Start();\nConsole.ReadLine();\nserver.Stop();\n",
    'using System.Net;\nusing System.Net.Sockets;\n\nclass Echo\n{\n    static async Task Main()\n    {\n        var listener = new TcpListener(IPAddress.Any, int.Parse(Environment.GetEnvironmentVariable("PORT")));\n        listener.Start();\n        while (true) await Answer(await listener.AcceptTcpClientAsync());\n    }\n}\n',
  ],
);
