import { examplesOf } from "./examples.ts";

export default examplesOf(
  "src/main.rs",
  [
    'use axum::{routing::get, Router};\nuse std::env;\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/", get(|| async { "hi" }));\n    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{}", env::var("PORT").unwrap_or("8080".into()))).await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    'use actix_web::{App, HttpServer};\nuse std::env;\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap()))?.run().await\n}\n',
    "use rustls::ClientConfig;\n\nfn main() {\n    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();\n}\n",
    "use tonic::transport::{Channel, ClientTlsConfig};\n\nfn main() {\n    let tls = ClientTlsConfig::new();\n}\n",
    'const URL: &str = "https://example.com";\n',
    "// TlsAcceptor::from(config)\nfn main() {}\n",
    'use reqwest::Client;\n\nasync fn get() {\n    Client::new().get("https://example.com").send().await.unwrap();\n}\n',
    'use std::env;\nuse std::net::TcpListener;\n\nfn main() {\n    let listener = TcpListener::bind(("0.0.0.0", env::var("PORT").unwrap().parse::<u16>().unwrap())).unwrap();\n    for stream in listener.incoming() {}\n}\n',
  ],
  [
    "use rustls::ServerConfig;\n\nfn main() {\n    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(certs, key).unwrap();\n}\n",
    "use tokio_rustls::TlsAcceptor;\nuse std::sync::Arc;\n\nfn accept(config: Arc<rustls::ServerConfig>) {\n    let acceptor = TlsAcceptor::from(config);\n}\n",
    "use tonic::transport::{Server, ServerTlsConfig};\n\nfn main() {\n    let tls = ServerTlsConfig::new().identity(identity);\n}\n",
    'use actix_web::{App, HttpServer};\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind_rustls_0_23(("0.0.0.0", 8443), config)?.run().await\n}\n',
    'use actix_web::{App, HttpServer};\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind_openssl(("0.0.0.0", 8443), builder)?.run().await\n}\n',
    'use axum_server::tls_rustls::RustlsConfig;\n\nasync fn serve(app: axum::Router) {\n    let config = RustlsConfig::from_pem_file("cert.pem", "key.pem").await.unwrap();\n    axum_server::bind_rustls(addr, config).serve(app.into_make_service()).await.unwrap();\n}\n',
    "use openssl::ssl::{SslAcceptor, SslMethod};\n\nfn main() {\n    let acceptor = SslAcceptor::mozilla_intermediate(SslMethod::tls()).unwrap();\n}\n",
    'use actix_web::{App, HttpServer};\n\n#[actix_web::main]\nasync fn main() -> std::io::Result<()> {\n    HttpServer::new(|| App::new()).bind_rustls(("0.0.0.0", 443), tls())?.workers(2).run().await\n}\n',
  ],
);
