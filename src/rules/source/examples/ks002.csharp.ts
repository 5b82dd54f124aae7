import { examplesOf } from "./examples.ts";

export default examplesOf(
  "Program.cs",
  [
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://0.0.0.0:{port}");\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://*:{port}");\n',
    'using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, int.Parse(Environment.GetEnvironmentVariable("PORT")));\nlistener.Start();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(int.Parse(Environment.GetEnvironmentVariable("PORT"))));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var backend = "http://localhost:9000";\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add($"http://+:{port}");\napp.Run();\n',
    '// app.Run("http://localhost:5000")\npublic class A {}\n',
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add($"http://*:{Environment.GetEnvironmentVariable("PORT")}/");\nlistener.Start();\n',
    {
      "Program.cs": 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
      Dockerfile: 'FROM mcr.microsoft.com/dotnet/aspnet:9.0\nCOPY out /app\nENTRYPOINT ["dotnet", "/app/App.dll"]\n',
    },
    {
      "Program.cs": 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
      "appsettings.json": '{ "Urls": "http://0.0.0.0:8080" }\n',
    },
    'using System.Net;\n\nclass Web\n{\n    readonly IPAddress[] _addresses = new[] { IPAddress.Any };\n    readonly int _port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n\n    public void Start()\n    {\n        var builder = WebApplication.CreateBuilder();\n        builder.WebHost.ConfigureKestrel(delegate (WebHostBuilderContext context, KestrelServerOptions options)\n        {\n            foreach (IPAddress address in _addresses)\n                options.Listen(address, _port);\n        });\n        builder.Build().Run();\n    }\n}\n',
    {
      "src/Ports.cs":
        'namespace App;\n\npublic static class Ports\n{\n    public static int Http => int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n    public const string Host = "0.0.0.0";\n}\n',
      "src/Program.cs":
        'using App;\n\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://{Ports.Host}:{Ports.Http}");\n',
    },
    'using System.Net;\nusing System.Net.Sockets;\n\npublic class Echo : BackgroundThing\n{\n    private int port;\n\n    public Echo()\n    {\n        port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n    }\n\n    public void Open()\n    {\n        switch (mode)\n        {\n            case "tcp":\n                var listener = new TcpListener(IPAddress.Any, port);\n                listener.Start();\n                break;\n        }\n    }\n}\n',
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.Urls.Add("https://0.0.0.0:5001");\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System;\nusing Fleck;\n\nvar server = new WebSocketServer("ws://0.0.0.0:8181");\nserver.Start(socket => socket.OnMessage = m => socket.Send(m));\nConsole.ReadLine();\n',
    'using System.IO;\nusing Microsoft.AspNetCore.Hosting;\n\npublic class Program\n{\n    public static void Main(string[] args)\n    {\n        var host = new WebHostBuilder().UseKestrel().UseUrls("http://*:" + Environment.GetEnvironmentVariable("PORT")).UseStartup<Startup>().Build();\n        host.Run();\n    }\n}\n',
  ],
  [
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://localhost:{port}");\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://127.0.0.1:{port}");\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenLocalhost(int.Parse(Environment.GetEnvironmentVariable("PORT"))));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable("PORT")));\nlistener.Start();\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://localhost:" + port);\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls("http://localhost:5000");\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add($"http://localhost:{port}");\napp.Run();\n',
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add($"http://localhost:{Environment.GetEnvironmentVariable("PORT")}/");\nlistener.Start();\n',
    'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    {
      "Program.cs": 'var app = WebApplication.CreateBuilder(args).Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
      "Properties/launchSettings.json": '{ "profiles": { "http": { "applicationUrl": "http://0.0.0.0:5080" } } }\n',
    },
    'using System.Net;\n\nclass Web\n{\n    readonly IPAddress[] _addresses = new[] { IPAddress.Loopback };\n    readonly int _port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n\n    public void Start()\n    {\n        var builder = WebApplication.CreateBuilder();\n        builder.WebHost.ConfigureKestrel(delegate (WebHostBuilderContext context, KestrelServerOptions options)\n        {\n            foreach (IPAddress address in _addresses)\n                options.Listen(address, _port);\n        });\n        builder.Build().Run();\n    }\n}\n',
    {
      "src/Ports.cs":
        'namespace App;\n\npublic static class Ports\n{\n    public static int Http => int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n    public const string Host = "127.0.0.1";\n}\n',
      "src/Program.cs":
        'using App;\n\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://{Ports.Host}:{Ports.Http}");\n',
    },
    'using System.Net;\nusing System.Net.Sockets;\n\npublic class Echo : BackgroundThing\n{\n    private int port;\n\n    public Echo()\n    {\n        port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n    }\n\n    public void Open()\n    {\n        switch (mode)\n        {\n            case "tcp":\n                var listener = new TcpListener(IPAddress.Loopback, port);\n                listener.Start();\n                break;\n        }\n    }\n}\n',
    'var config = Load();\nvar address = config.GetValue(nameof(Settings.BindAddress), "localhost");\nvar port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\nvar urls = new List<string> { BuildUrl("http", address, port) };\n\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls(urls.ToArray());\nbuilder.Build().Run();\n\nstatic string BuildUrl(string scheme, string address, int port)\n{\n    return $"{scheme}://{address}:{port}";\n}\n',
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.Urls.Add("https://localhost:5001");\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System;\nusing Fleck;\n\nvar server = new WebSocketServer("ws://127.0.0.1:8181");\nserver.Start(socket => socket.OnMessage = m => socket.Send(m));\nConsole.ReadLine();\n',
    'using System;\nusing Nancy.Hosting.Self;\n\nusing (var host = new NancyHost(new Uri("http://localhost:8888/app/")))\n{\n    host.Start();\n    System.Diagnostics.Process.Start("http://localhost:8888/app/");\n    Console.ReadKey();\n}\n',
    "using System.IO;\nusing Microsoft.AspNetCore.Hosting;\n\npublic class Program\n{\n    public static void Main(string[] args)\n    {\n        var host = new WebHostBuilder().UseKestrel().UseStartup<Startup>().Build();\n        host.Run();\n    }\n}\n",
  ],
);
