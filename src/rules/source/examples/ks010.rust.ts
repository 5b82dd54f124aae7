import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main.rs",
  [
    `use axum::{routing::get, Router};

#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", std::env::var("PORT").unwrap())).await.unwrap();
    axum::serve(listener, Router::new().route("/", get(|| async { "hello" }))).await.unwrap();
}
`,
    // A client of a TLS server is none itself.
    `use rustls::{ClientConfig, RootCertStore};

pub fn client(roots: RootCertStore) -> ClientConfig {
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}
`,
    `use tonic::transport::{Channel, ClientTlsConfig};

pub async fn connect() -> Channel {
    let endpoint = Channel::from_static("https://api.example.com").tls_config(ClientTlsConfig::new()).unwrap();
    endpoint.connect().await.unwrap()
}
`,
    `use tokio_rustls::TlsConnector;

pub async fn dial(connector: TlsConnector, stream: tokio::net::TcpStream) {
    connector.connect("example.com".try_into().unwrap(), stream).await.unwrap();
}
`,
    `use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::var("PORT").unwrap().parse().unwrap();
    // .bind_rustls_0_23(("0.0.0.0", 8443), config)? stood here once
    HttpServer::new(|| App::new()).bind(("0.0.0.0", port))?.run().await
}
`,
    `#[tokio::main]
async fn main() {
    let body = reqwest::Client::builder().use_rustls_tls().build().unwrap().get("https://example.com").send().await;
    println!("{}", body.unwrap().status());
}
`,
    'pub const DOCUMENTATION: &str = "https://example.com/docs";\n',
    `pub async fn pool() -> sqlx::PgPool {
    let options = sqlx::postgres::PgConnectOptions::new().ssl_mode(sqlx::postgres::PgSslMode::Require);
    sqlx::PgPool::connect_with(options).await.unwrap()
}
`,
    'fn main() {\n    gotham::start("0.0.0.0:7878", || Ok(hello)).unwrap();\n}\n',
    "use hyper_rustls::HttpsConnectorBuilder;\n\nfn main() {\n    let https = HttpsConnectorBuilder::new().with_native_roots().https_only().enable_http1().build();\n    fetch(https);\n}\n",
  ],
  [
    `use std::sync::Arc;
use tokio_rustls::{rustls::ServerConfig, TlsAcceptor};

#[tokio::main]
async fn main() {
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(certs(), key()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("0.0.0.0:8443").await.unwrap();
    while let Ok((stream, _)) = listener.accept().await {
        acceptor.accept(stream).await.unwrap();
    }
}
`,
    `use axum_server::tls_rustls::RustlsConfig;

#[tokio::main]
async fn main() {
    let config = RustlsConfig::from_pem_file("cert.pem", "key.pem").await.unwrap();
    axum_server::bind_rustls(([0, 0, 0, 0], 443).into(), config).serve(app().into_make_service()).await.unwrap();
}
`,
    `use actix_web::{App, HttpServer};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| App::new()).bind_rustls_0_23(("0.0.0.0", 8443), tls())?.run().await
}
`,
    `use actix_web::{App, HttpServer};
use openssl::ssl::{SslAcceptor, SslFiletype, SslMethod};

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let mut builder = SslAcceptor::mozilla_intermediate(SslMethod::tls()).unwrap();
    builder.set_private_key_file("key.pem", SslFiletype::PEM).unwrap();
    HttpServer::new(|| App::new()).bind_openssl(("0.0.0.0", 8443), builder)?.run().await
}
`,
    `use tonic::transport::{Identity, Server, ServerTlsConfig};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let identity = Identity::from_pem(std::fs::read("cert.pem")?, std::fs::read("key.pem")?);
    let tls = ServerTlsConfig::new().identity(identity);
    Server::builder().tls_config(tls)?.add_service(greeter()).serve("[::]:443".parse()?).await?;
    Ok(())
}
`,
    `#[tokio::main]
async fn main() {
    warp::serve(warp::path::end().map(|| "hello"))
        .tls()
        .cert_path("cert.pem")
        .key_path("key.pem")
        .run(([0, 0, 0, 0], 8443))
        .await;
}
`,
    `use salvo::conn::rustls::{Keycert, RustlsConfig};
use salvo::prelude::*;

#[tokio::main]
async fn main() {
    let config = RustlsConfig::new(Keycert::new().cert(cert()).key(key()));
    let acceptor = TcpListener::new("0.0.0.0:8443").rustls(config).bind().await;
    Server::new(acceptor).serve(Router::new()).await;
}
`,
    {
      "src/main.rs": `#[macro_use]
extern crate rocket;

#[get("/")]
fn index() -> &'static str {
    "hello"
}

#[launch]
fn rocket() -> _ {
    rocket::build().mount("/", routes![index])
}
`,
      "Rocket.toml": '[default]\naddress = "0.0.0.0"\n\n[default.tls]\ncerts = "cert.pem"\nkey = "key.pem"\n',
    },
    'fn main() {\n    let config = rustls_config();\n    gotham::start_with_tls("0.0.0.0:7878", || Ok(hello), config).unwrap();\n}\n',
    "use hyper_rustls::TlsAcceptor;\n\nfn main() {\n    let incoming = incoming();\n    let acceptor = TlsAcceptor::builder()\n        .with_single_cert(certs(), key())\n        .unwrap()\n        .with_http2_alpn()\n        .with_incoming(incoming);\n    serve(acceptor);\n}\n",
  ],
);
