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
  ],
);
