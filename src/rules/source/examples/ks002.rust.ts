import { examplesOf } from "./examples.ts";

const PORT = 'std::env::var("PORT").unwrap().parse::<u16>().unwrap()';

export default examplesOf(
  "src/main.rs",
  [
    `use axum::{routing::get, Router};

#[tokio::main]
async fn main() {
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = tokio::net::TcpListener::bind(("0.0.0.0", ${PORT})).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
`,
    `use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let host = std::env::var("HOST").unwrap_or_else(|_| "0.0.0.0".to_string());
    HttpServer::new(|| App::new()).bind((host, ${PORT}))?.run().await
}
`,
    `use std::net::{Ipv6Addr, SocketAddr, TcpListener};

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv6Addr::UNSPECIFIED, ${PORT})))?;
    for stream in listener.incoming() {
        drop(stream?);
    }
    Ok(())
}
`,
    `#[tokio::main]
async fn main() {
    warp::serve(warp::path::end().map(|| "hello")).run(([0, 0, 0, 0], ${PORT})).await;
}
`,
    `#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let addr = format!("[::]:{}", std::env::var("PORT")?).parse()?;
    tonic::transport::Server::builder().add_service(greeter()).serve(addr).await?;
    Ok(())
}
`,
    // Its image says on what it listens.
    {
      "src/main.rs": `use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let host = std::env::var("BIND").unwrap_or_else(|_| "127.0.0.1".to_string());
    HttpServer::new(|| App::new()).bind((host, ${PORT}))?.run().await
}
`,
      Dockerfile: 'FROM debian:trixie-slim\nENV BIND=0.0.0.0\nCOPY app /app\nCMD ["/app"]\n',
    },
    'const UPSTREAM: &str = "http://127.0.0.1:9000";\n\npub fn upstream(path: &str) -> String {\n    format!("{UPSTREAM}{path}")\n}\n',
    `#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = poem::listener::TcpListener::bind(format!("0.0.0.0:{}", std::env::var("PORT").unwrap()));
    poem::Server::new(listener).run(api()).await
}
`,
    "use clap::Parser;\nuse std::net::{IpAddr, SocketAddr};\n\n#[derive(Parser)]\nstruct Cli {\n    #[command(subcommand)]\n    command: Command,\n}\n\n#[derive(clap::Subcommand)]\nenum Command {\n    Build,\n    Serve {\n        #[arg(short = 'i', long, default_value = \"0.0.0.0\")]\n        interface: IpAddr,\n        #[arg(short, long, default_value_t = 1111)]\n        port: u16,\n    },\n}\n\nasync fn serve(interface: IpAddr, port: u16) {\n    let listener = tokio::net::TcpListener::bind(SocketAddr::new(interface, port)).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n\n#[tokio::main]\nasync fn main() {\n    match Cli::parse().command {\n        Command::Build => {}\n        Command::Serve { interface, port } => serve(interface, port).await,\n    }\n}\n",
    'use clap::{Arg, ArgMatches, Command};\nuse std::net::{SocketAddr, ToSocketAddrs};\n\nfn command() -> Command {\n    Command::new("serve").arg(Arg::new("hostname").long("hostname").default_value("0.0.0.0")).arg(\n        Arg::new("port").long("port").default_value("3000"),\n    )\n}\n\nfn execute(args: &ArgMatches) -> anyhow::Result<()> {\n    let port = args.get_one::<String>("port").unwrap();\n    let hostname = args.get_one::<String>("hostname").unwrap();\n    let address = format!("{hostname}:{port}");\n    let first: SocketAddr = address.to_socket_addrs()?.next().ok_or_else(|| anyhow::anyhow!("no address"))?;\n    std::thread::spawn(move || serve(first));\n    Ok(())\n}\n\n#[tokio::main]\nasync fn serve(address: SocketAddr) {\n    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n',
    {
      "Cargo.toml": '[package]\nname = "app"\n',
      "src/settings.rs":
        'use config::{Config, Environment};\nuse serde::Deserialize;\n\n#[derive(Clone, Deserialize)]\npub struct Settings {\n    pub host: String,\n    pub port: u16,\n}\n\nimpl Settings {\n    pub fn new() -> anyhow::Result<Self> {\n        let config = Config::builder()\n            .set_default("host", "0.0.0.0")?\n            .set_default("port", 8888)?\n            .add_source(Environment::with_prefix("app"))\n            .build()?;\n        Ok(config.try_deserialize()?)\n    }\n}\n',
      "src/main.rs":
        'mod settings;\n\nuse settings::Settings;\nuse std::net::SocketAddr;\n\n#[derive(clap::Parser)]\nenum Cmd {\n    Start {\n        #[clap(long)]\n        host: Option<String>,\n        #[clap(long)]\n        port: Option<u16>,\n    },\n}\n\n#[tokio::main]\nasync fn main() -> anyhow::Result<()> {\n    match Cmd::parse() {\n        Cmd::Start { host, port } => {\n            let settings = Settings::new().context("settings")?;\n            let host = host.as_ref().unwrap_or(&settings.host).clone();\n            let port = port.unwrap_or(settings.port);\n            let listener = tokio::net::TcpListener::bind(SocketAddr::new(host.parse()?, port)).await?;\n            axum::serve(listener, axum::Router::new()).await?;\n        }\n    }\n    Ok(())\n}\n',
    },
    {
      "src/main.rs":
        "use leptos::prelude::*;\n\n#[tokio::main]\nasync fn main() {\n    let conf = get_configuration(None).unwrap();\n    let leptos_options = conf.leptos_options;\n    let addr = leptos_options.site_addr;\n    let listener = tokio::net::TcpListener::bind(&addr).await.unwrap();\n    axum::serve(listener, routes()).await.unwrap();\n}\n",
      "Cargo.toml": '[package]\nname = "site"\n',
      Dockerfile: 'FROM debian:trixie-slim\nENV LEPTOS_SITE_ADDR=0.0.0.0:8080\nCOPY site /site\nCMD ["/site"]\n',
    },
    "use std::net::{SocketAddr, TcpListener};\n\nstruct Web {\n    address: SocketAddr,\n}\n\nimpl Web {\n    fn new(address: SocketAddr) -> Self {\n        Self { address }\n    }\n\n    fn open(&self) -> std::io::Result<TcpListener> {\n        TcpListener::bind(self.address)\n    }\n}\n\nfn main() {\n    if let Some(port) = std::env::args().nth(1).and_then(|p| p.parse().ok()) {\n        let _ = Web::new(SocketAddr::from(([0, 0, 0, 0], port))).open();\n    } else {\n        let _ = Web::new(SocketAddr::from(([0, 0, 0, 0], 9000))).open();\n    }\n}\n",
    {
      "Cargo.toml": '[package]\nname = "app"\n',
      "src/web.rs":
        "use std::net::SocketAddr;\nuse tokio::net::TcpListener;\n\npub struct Web {\n    listen: SocketAddr,\n}\n\nimpl Web {\n    pub fn new(listen: SocketAddr) -> Self {\n        Self { listen }\n    }\n\n    pub async fn serve(&self) -> anyhow::Result<()> {\n        let listener = TcpListener::bind(self.listen).await?;\n        axum::serve(listener, axum::Router::new()).await?;\n        Ok(())\n    }\n}\n",
      "src/main.rs":
        'mod web;\n\nuse std::net::SocketAddr;\nuse web::Web;\n\n#[derive(clap::Args)]\npub struct WebArgs {\n    #[clap(long = "listen", env = "APP_LISTEN", default_value = "0.0.0.0:3000")]\n    pub address: SocketAddr,\n}\n\ntrait Start {\n    type Args;\n\n    fn new(args: Self::Args) -> Self;\n}\n\nstruct Trigger {\n    address: SocketAddr,\n}\n\nimpl Start for Trigger {\n    type Args = WebArgs;\n\n    fn new(args: Self::Args) -> Self {\n        Self { address: args.address }\n    }\n}\n\nimpl Trigger {\n    async fn run(self) -> anyhow::Result<()> {\n        let Self { address } = self;\n        Web::new(address).serve().await\n    }\n}\n',
    },
    'use hyper::service::{make_service_fn, service_fn};\n\nstruct Args {\n    address: String,\n    port: u16,\n}\n\nimpl Args {\n    fn parse(matches: clap::ArgMatches) -> Args {\n        let address = matches.value_of("address").unwrap_or_default().to_owned();\n        let port = std::env::var("PORT").unwrap().parse().unwrap();\n        Args { address, port }\n    }\n\n    fn address(&self) -> Result<std::net::SocketAddr, std::net::AddrParseError> {\n        format!("{}:{}", self.address, self.port).parse()\n    }\n}\n\nfn options() -> clap::Command {\n    clap::Command::new("files").arg(clap::Arg::new("address").long("bind").default_value("0.0.0.0"))\n}\n\n#[tokio::main]\nasync fn main() {\n    serve(Args::parse(options().get_matches())).await;\n}\n\nasync fn serve(args: Args) {\n    let address = args.address().unwrap();\n    hyper::Server::try_bind(&address).unwrap().serve(make_service_fn(answer)).await.unwrap();\n}\n',
    'use std::net::{SocketAddr, TcpListener};\n\nconst DEFAULT_ADDRESS: [u8; 4] = [0, 0, 0, 0];\n\nstruct Config {\n    rpc_addr: SocketAddr,\n}\n\nfn read() -> Config {\n    let config = parse_files();\n    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();\n    let rpc_addr: SocketAddr = config.rpc_addr.map_or((DEFAULT_ADDRESS, port).into(), resolve_or_exit);\n    Config { rpc_addr }\n}\n\nfn main() {\n    let config = read();\n    let listener = TcpListener::bind(config.rpc_addr).unwrap();\n    accept(listener);\n}\n',
    '#[tokio::main]\nasync fn main() {\n    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();\n    if std::env::var("SOCKET").is_ok() {\n        warp::serve(routes()).incoming(listener()).run().await;\n    }\n    warp::serve(routes()).run(([0, 0, 0, 0], port)).await;\n}\n',
    // Which port is free is asked, and let go of.
    `fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::main]
async fn main() {
    helper(free_port());
    axum::serve(listener().await, axum::Router::new()).await.unwrap();
}
`,
  ],
  [
    `use axum::{routing::get, Router};

#[tokio::main]
async fn main() {
    let app = Router::new().route("/", get(|| async { "hello" }));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", ${PORT})).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
`,
    `use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let host = std::env::var("HOST").unwrap_or_else(|_| "127.0.0.1".to_string());
    HttpServer::new(|| App::new()).bind((host, ${PORT}))?.run().await
}
`,
    `use std::net::{Ipv4Addr, SocketAddr, TcpListener};

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, ${PORT})))?;
    for stream in listener.incoming() {
        drop(stream?);
    }
    Ok(())
}
`,
    `#[tokio::main]
async fn main() {
    warp::serve(warp::path::end().map(|| "hello")).run(([127, 0, 0, 1], ${PORT})).await;
}
`,
    `#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let addr = format!("[::1]:{}", std::env::var("PORT")?).parse()?;
    tonic::transport::Server::builder().add_service(greeter()).serve(addr).await?;
    Ok(())
}
`,
    `use salvo::prelude::*;

#[tokio::main]
async fn main() {
    let acceptor = TcpListener::new(format!("127.0.0.1:{}", std::env::var("PORT").unwrap())).bind().await;
    Server::new(acceptor).serve(Router::new()).await;
}
`,
    `#[tokio::main]
async fn main() -> std::io::Result<()> {
    let listener = poem::listener::TcpListener::bind(format!("localhost:{}", std::env::var("PORT").unwrap()));
    poem::Server::new(listener).run(api()).await
}
`,
    {
      "src/main.rs": `use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let config: Config = toml::from_str(&std::fs::read_to_string("config.toml")?).unwrap();
    HttpServer::new(App::new).bind(&config.server.address)?.run().await
}
`,
      "config.toml": '[server]\naddress = "127.0.0.1:8000"\n',
    },
    "use clap::Parser;\nuse std::net::{IpAddr, SocketAddr};\n\n#[derive(Parser)]\nstruct Cli {\n    #[command(subcommand)]\n    command: Command,\n}\n\n#[derive(clap::Subcommand)]\nenum Command {\n    Build,\n    Serve {\n        #[arg(short = 'i', long, default_value = \"127.0.0.1\")]\n        interface: IpAddr,\n        #[arg(short, long, default_value_t = 1111)]\n        port: u16,\n    },\n}\n\nasync fn serve(interface: IpAddr, port: u16) {\n    let listener = tokio::net::TcpListener::bind(SocketAddr::new(interface, port)).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n\n#[tokio::main]\nasync fn main() {\n    match Cli::parse().command {\n        Command::Build => {}\n        Command::Serve { interface, port } => serve(interface, port).await,\n    }\n}\n",
    'use clap::{Arg, ArgMatches, Command};\nuse std::net::{SocketAddr, ToSocketAddrs};\n\nfn command() -> Command {\n    Command::new("serve").arg(Arg::new("hostname").long("hostname").default_value("localhost")).arg(\n        Arg::new("port").long("port").default_value("3000"),\n    )\n}\n\nfn execute(args: &ArgMatches) -> anyhow::Result<()> {\n    let port = args.get_one::<String>("port").unwrap();\n    let hostname = args.get_one::<String>("hostname").unwrap();\n    let address = format!("{hostname}:{port}");\n    let first: SocketAddr = address.to_socket_addrs()?.next().ok_or_else(|| anyhow::anyhow!("no address"))?;\n    std::thread::spawn(move || serve(first));\n    Ok(())\n}\n\n#[tokio::main]\nasync fn serve(address: SocketAddr) {\n    let listener = tokio::net::TcpListener::bind(&address).await.unwrap();\n    axum::serve(listener, axum::Router::new()).await.unwrap();\n}\n',
    {
      "Cargo.toml": '[package]\nname = "app"\n',
      "src/settings.rs":
        'use config::{Config, Environment};\nuse serde::Deserialize;\n\n#[derive(Clone, Deserialize)]\npub struct Settings {\n    pub host: String,\n    pub port: u16,\n}\n\nimpl Settings {\n    pub fn new() -> anyhow::Result<Self> {\n        let config = Config::builder()\n            .set_default("host", "127.0.0.1")?\n            .set_default("port", 8888)?\n            .add_source(Environment::with_prefix("app"))\n            .build()?;\n        Ok(config.try_deserialize()?)\n    }\n}\n',
      "src/main.rs":
        'mod settings;\n\nuse settings::Settings;\nuse std::net::SocketAddr;\n\n#[derive(clap::Parser)]\nenum Cmd {\n    Start {\n        #[clap(long)]\n        host: Option<String>,\n        #[clap(long)]\n        port: Option<u16>,\n    },\n}\n\n#[tokio::main]\nasync fn main() -> anyhow::Result<()> {\n    match Cmd::parse() {\n        Cmd::Start { host, port } => {\n            let settings = Settings::new().context("settings")?;\n            let host = host.as_ref().unwrap_or(&settings.host).clone();\n            let port = port.unwrap_or(settings.port);\n            let listener = tokio::net::TcpListener::bind(SocketAddr::new(host.parse()?, port)).await?;\n            axum::serve(listener, axum::Router::new()).await?;\n        }\n    }\n    Ok(())\n}\n',
    },
    "use leptos::prelude::*;\n\n#[tokio::main]\nasync fn main() {\n    let conf = get_configuration(None).unwrap();\n    let leptos_options = conf.leptos_options;\n    let addr = leptos_options.site_addr;\n    let listener = tokio::net::TcpListener::bind(&addr).await.unwrap();\n    axum::serve(listener, routes()).await.unwrap();\n}\n",
    "use std::net::{SocketAddr, TcpListener};\n\nstruct Web {\n    address: SocketAddr,\n}\n\nimpl Web {\n    fn new(address: SocketAddr) -> Self {\n        Self { address }\n    }\n\n    fn open(&self) -> std::io::Result<TcpListener> {\n        TcpListener::bind(self.address)\n    }\n}\n\nfn main() {\n    if let Some(port) = std::env::args().nth(1).and_then(|p| p.parse().ok()) {\n        let _ = Web::new(SocketAddr::from(([127, 0, 0, 1], port))).open();\n    } else {\n        let _ = Web::new(SocketAddr::from(([127, 0, 0, 1], 9000))).open();\n    }\n}\n",
    {
      "Cargo.toml": '[package]\nname = "app"\n',
      "src/web.rs":
        "use std::net::SocketAddr;\nuse tokio::net::TcpListener;\n\npub struct Web {\n    listen: SocketAddr,\n}\n\nimpl Web {\n    pub fn new(listen: SocketAddr) -> Self {\n        Self { listen }\n    }\n\n    pub async fn serve(&self) -> anyhow::Result<()> {\n        let listener = TcpListener::bind(self.listen).await?;\n        axum::serve(listener, axum::Router::new()).await?;\n        Ok(())\n    }\n}\n",
      "src/main.rs":
        'mod web;\n\nuse std::net::SocketAddr;\nuse web::Web;\n\n#[derive(clap::Args)]\npub struct WebArgs {\n    #[clap(long = "listen", env = "APP_LISTEN", default_value = "127.0.0.1:3000")]\n    pub address: SocketAddr,\n}\n\ntrait Start {\n    type Args;\n\n    fn new(args: Self::Args) -> Self;\n}\n\nstruct Trigger {\n    address: SocketAddr,\n}\n\nimpl Start for Trigger {\n    type Args = WebArgs;\n\n    fn new(args: Self::Args) -> Self {\n        Self { address: args.address }\n    }\n}\n\nimpl Trigger {\n    async fn run(self) -> anyhow::Result<()> {\n        let Self { address } = self;\n        Web::new(address).serve().await\n    }\n}\n',
    },
    'use hyper::service::{make_service_fn, service_fn};\n\nstruct Args {\n    address: String,\n    port: u16,\n}\n\nimpl Args {\n    fn parse(matches: clap::ArgMatches) -> Args {\n        let address = matches.value_of("address").unwrap_or_default().to_owned();\n        let port = std::env::var("PORT").unwrap().parse().unwrap();\n        Args { address, port }\n    }\n\n    fn address(&self) -> Result<std::net::SocketAddr, std::net::AddrParseError> {\n        format!("{}:{}", self.address, self.port).parse()\n    }\n}\n\nfn options() -> clap::Command {\n    clap::Command::new("files").arg(clap::Arg::new("address").long("bind").default_value("127.0.0.1"))\n}\n\n#[tokio::main]\nasync fn main() {\n    serve(Args::parse(options().get_matches())).await;\n}\n\nasync fn serve(args: Args) {\n    let address = args.address().unwrap();\n    hyper::Server::try_bind(&address).unwrap().serve(make_service_fn(answer)).await.unwrap();\n}\n',
    'use std::net::{SocketAddr, TcpListener};\n\nconst DEFAULT_ADDRESS: [u8; 4] = [127, 0, 0, 1];\n\nstruct Config {\n    rpc_addr: SocketAddr,\n}\n\nfn read() -> Config {\n    let config = parse_files();\n    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();\n    let rpc_addr: SocketAddr = config.rpc_addr.map_or((DEFAULT_ADDRESS, port).into(), resolve_or_exit);\n    Config { rpc_addr }\n}\n\nfn main() {\n    let config = read();\n    let listener = TcpListener::bind(config.rpc_addr).unwrap();\n    accept(listener);\n}\n',
    'use std::net::SocketAddr;\nuse tokio::net::TcpListener;\n\nasync fn probe(address: SocketAddr) {\n    let _ = address;\n}\n\n#[tokio::main]\nasync fn main() {\n    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();\n    let address: SocketAddr = ([127, 0, 0, 1], port).into();\n    let listener = TcpListener::bind(address).await.unwrap();\n    serve(listener).await;\n}\n',
    '#[tokio::main]\nasync fn main() {\n    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();\n    if std::env::var("SOCKET").is_ok() {\n        warp::serve(routes()).incoming(listener()).run().await;\n    }\n    warp::serve(routes()).run(([127, 0, 0, 1], port)).await;\n}\n',
    // A module is named by `use crate::web`, a fallback goes with its port into one text.
    {
      "Cargo.toml": '[package]\nname = "app"\n',
      "src/lib.rs": "pub mod startup;\npub mod web;\n",
      "src/startup.rs": `use crate::web;

pub async fn run(config: Config) {
    let host = std::env::var("HOST").unwrap_or_else(|_| "127.0.0.1".to_string());
    web::http::serve::<Context>(&config, host).await;
}
`,
      "src/web/mod.rs": "pub mod http;\n",
      "src/web/http.rs": `pub async fn serve<C: Send>(config: &Config, host: String) {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_string());
    let address = config.http.clone().unwrap_or_else(|| [host, port].join(":"));
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    axum::serve(listener, axum::Router::new()).await.unwrap();
}
`,
    },
    // Each \`let\` makes another name of it.
    `#[tokio::main]
async fn main() {
    let host = "0.0.0.0";
    println!("{host}");
    let host = "127.0.0.1";
    let listener = tokio::net::TcpListener::bind((host, ${PORT})).await.unwrap();
    axum::serve(listener, axum::Router::new()).await.unwrap();
}
`,
    // A default of the settings, under a name that says nothing of addresses.
    `use serde::Deserialize;

#[derive(Deserialize)]
struct Settings {
    domain: String,
    port: u16,
}

fn settings() -> Result<Settings, config::ConfigError> {
    let mut settings = config::Config::new();
    settings.set_default("domain", "127.0.0.1")?;
    settings.set_default("port", 8000)?;
    settings.merge(config::File::with_name("server"))?;
    settings.try_into()
}

fn serve(settings: Settings) -> std::io::Result<()> {
    let server = actix_web::HttpServer::new(|| actix_web::App::new());
    server.bind(format!("{}:{}", settings.domain, settings.port))?.run();
    Ok(())
}
`,
  ],
);
