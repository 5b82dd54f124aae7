import { examplesOf } from "./examples.ts";

export default examplesOf(
  "Program.cs",
  [
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://0.0.0.0:{port}");\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls("http://0.0.0.0:" + (Environment.GetEnvironmentVariable("PORT") ?? "8080"));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(int.Parse(Environment.GetEnvironmentVariable("PORT"))));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, int.Parse(Environment.GetEnvironmentVariable("PORT")));\nlistener.Start();\n',
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add($"http://*:{Environment.GetEnvironmentVariable("PORT")}/");\nlistener.Start();\n',
    "public static class Add\n{\n    public static int Sum(int a, int b) => a + b;\n}\n",
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://*:" + port);\n',
    'var port = Environment.GetEnvironmentVariable("PORT") ?? "8080";\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add($"http://+:{port}");\napp.Run();\n',
    'using System.Net;\n\nclass Web\n{\n    readonly IPAddress[] _addresses = new[] { IPAddress.Any };\n    readonly int _port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n\n    public void Start()\n    {\n        var builder = WebApplication.CreateBuilder();\n        builder.WebHost.ConfigureKestrel(delegate (WebHostBuilderContext context, KestrelServerOptions options)\n        {\n            foreach (IPAddress address in _addresses)\n                options.Listen(address, _port);\n        });\n        builder.Build().Run();\n    }\n}\n',
    'var config = Load();\nvar address = config.GetValue(nameof(Settings.BindAddress), "*");\nvar port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\nvar urls = new List<string> { BuildUrl("http", address, port) };\n\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls(urls.ToArray());\nbuilder.Build().Run();\n\nstatic string BuildUrl(string scheme, string address, int port)\n{\n    return $"{scheme}://{address}:{port}";\n}\n',
    {
      "src/Ports.cs":
        'namespace App;\n\npublic static class Ports\n{\n    public static int Http => int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n    public const string Host = "0.0.0.0";\n}\n',
      "src/Program.cs":
        'using App;\n\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://{Ports.Host}:{Ports.Http}");\n',
    },
    'using System.Net;\nusing System.Net.Sockets;\n\npublic class Echo : BackgroundThing\n{\n    private int port;\n\n    public Echo()\n    {\n        port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "8080");\n    }\n\n    public void Open()\n    {\n        switch (mode)\n        {\n            case "tcp":\n                var listener = new TcpListener(IPAddress.Any, port);\n                listener.Start();\n                break;\n        }\n    }\n}\n',
    "using System.Net;\nusing System.Net.Sockets;\n\nvar free = new TcpListener(IPAddress.Loopback, 0);\nfree.Start();\n",
    'using System;\nusing WebSocketSharp.Server;\n\nvar server = new WebSocketServer(int.Parse(Environment.GetEnvironmentVariable("PORT")));\nserver.Start();\nConsole.ReadLine();\nserver.Stop();\n',
    {
      "src/Defaults.cs": 'public static class Defaults\n{\n    public const string PortVariable = "PORT";\n}\n',
      "src/Program.cs":
        'var config = Load();\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls($"http://*:{config.GetValue("Port", 9696)}");\nbuilder.Build().Run();\n',
    },
    'using System.Diagnostics;\n\n// Opens a browser and serves nothing.\nProcess.Start("http://localhost:8888/app/");\n',
    'var builder = WebApplication.CreateBuilder(args);\n#if DEBUG\nbuilder.WebHost.UseUrls("http://localhost:5000");\n#else\nbuilder.WebHost.UseUrls("http://0.0.0.0:" + Environment.GetEnvironmentVariable("PORT"));\n#endif\nbuilder.Build().Run();\n',
  ],
  [
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://0.0.0.0:5000");\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls("http://0.0.0.0:3000");\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(5005));\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run();\n',
    "using System.Net;\nusing System.Net.Sockets;\n\nvar listener = new TcpListener(IPAddress.Any, 4000);\nlistener.Start();\n",
    'using System.Net;\n\nvar listener = new HttpListener();\nlistener.Prefixes.Add("http://*:9000/");\nlistener.Start();\n',
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Urls.Add("http://*:7000");\napp.Run();\n',
    "const int Port = 6000;\nvar listener = new TcpListener(IPAddress.Any, Port);\nlistener.Start();\n",
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run("http://+:8081");\n',
    "using System.Net;\n\nclass Web\n{\n    readonly IPAddress[] _addresses = new[] { IPAddress.Any };\n    readonly int _port = 5380;\n\n    public void Start()\n    {\n        var builder = WebApplication.CreateBuilder();\n        builder.WebHost.ConfigureKestrel(delegate (WebHostBuilderContext context, KestrelServerOptions options)\n        {\n            foreach (IPAddress address in _addresses)\n                options.Listen(address, _port);\n        });\n        builder.Build().Run();\n    }\n}\n",
    'var config = Load();\nvar address = config.GetValue(nameof(Settings.BindAddress), "*");\nvar port = config.GetValue(nameof(Settings.Port), 9696);\nvar urls = new List<string> { BuildUrl("http", address, port) };\n\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls(urls.ToArray());\nbuilder.Build().Run();\n\nstatic string BuildUrl(string scheme, string address, int port)\n{\n    return $"{scheme}://{address}:{port}";\n}\n',
    {
      "src/Ports.cs":
        'namespace App;\n\npublic static class Ports\n{\n    public static int Http => 7000;\n    public const string Host = "0.0.0.0";\n}\n',
      "src/Program.cs":
        'using App;\n\nvar builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\napp.Run($"http://{Ports.Host}:{Ports.Http}");\n',
    },
    'using System.Net;\nusing System.Net.Sockets;\n\npublic class Echo : BackgroundThing\n{\n    private int port;\n\n    public Echo()\n    {\n        port = 4000;\n    }\n\n    public void Open()\n    {\n        switch (mode)\n        {\n            case "tcp":\n                var listener = new TcpListener(IPAddress.Any, port);\n                listener.Start();\n                break;\n        }\n    }\n}\n',
    {
      "src/App/Program.cs":
        'var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(o => o.AddServerHeader = false);\nvar app = builder.Build();\napp.MapGet("/", () => "hi");\nawait app.RunAsync();\n',
      Dockerfile:
        'FROM mcr.microsoft.com/dotnet/aspnet:9.0\nENV ASPNETCORE_URLS=http://+:8081\nCOPY out /app\nENTRYPOINT ["dotnet", "/app/App.dll"]\n',
    },
    {
      "src/Settings.cs": "namespace App;\n\npublic record Settings(int Port, string Certificate);\n",
      "src/Web.cs":
        "namespace App;\n\npublic class Web\n{\n    public void Open(Settings settings)\n    {\n        var builder = WebApplication.CreateBuilder();\n        builder.WebHost.ConfigureKestrel(o => o.ListenAnyIP(settings.Port));\n        builder.Build().Run();\n    }\n}\n",
    },
    "using System;\nusing WebSocketSharp.Server;\n\nvar server = new WebSocketServer(4649);\nserver.Start();\nConsole.ReadLine();\nserver.Stop();\n",
    {
      "src/Cookies.cs":
        'public static class Cookies\n{\n    static readonly string[] Attributes = { "COMMENT", "DOMAIN", "EXPIRES", "PATH", "PORT", "SECURE" };\n}\n',
      "src/Program.cs":
        'var config = Load();\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.UseUrls($"http://*:{config.GetValue("Port", 9696)}");\nbuilder.Build().Run();\n',
    },
    'var builder = WebApplication.CreateBuilder(args);\nvar app = builder.Build();\napp.Urls.Add("https://0.0.0.0:5001");\napp.MapGet("/", () => "hi");\napp.Run();\n',
    'using System;\nusing Fleck;\n\nvar server = new WebSocketServer("ws://0.0.0.0:8181");\nserver.Start(socket => socket.OnMessage = m => socket.Send(m));\nConsole.ReadLine();\n',
    "using System.IO;\nusing Microsoft.AspNetCore.Hosting;\n\npublic class Program\n{\n    public static void Main(string[] args)\n    {\n        var host = new WebHostBuilder().UseKestrel().UseStartup<Startup>().Build();\n        host.Run();\n    }\n}\n",
    'using WatsonWebserver;\n\nvar settings = new WebserverSettings("app-server", 9000, false);\nvar server = new Webserver(settings, Answer);\nserver.Start();\nConsole.ReadLine();\n',
    'using WireMock.Server;\nusing WireMock.Settings;\n\nvar server = WireMockServer.Start(new WireMockServerSettings { Urls = new[] { "http://*:9091/" } });\nConsole.ReadLine();\n',
    'var builder = WebApplication.CreateBuilder(args);\n#if !DEBUG\nbuilder.WebHost.UseUrls("http://0.0.0.0:5005");\n#else\nbuilder.WebHost.UseUrls("http://0.0.0.0:" + Environment.GetEnvironmentVariable("PORT"));\n#endif\nbuilder.Build().Run();\n',
    "var builder = WebApplication.CreateBuilder(args);\nbuilder.WebHost.ConfigureKestrel(options =>\n{\n    options.ConfigureEndpointDefaults(o => o.Protocols = HttpProtocols.Http2);\n});\nbuilder.Services.AddAuthentication().AddJwtBearer(options =>\n{\n#if DEBUG\n    options.RequireHttpsMetadata = false;\n#endif\n});\nvar app = builder.Build();\napp.Run();\n",
  ],
);
