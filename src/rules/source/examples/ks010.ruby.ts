import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    // A client of a TLS server is none itself.
    `require "net/http"

http = Net::HTTP.new("example.com", 443)
http.use_ssl = true
http.verify_mode = OpenSSL::SSL::VERIFY_PEER
puts http.get("/").code
`,
    `require "openssl"
require "socket"

socket = OpenSSL::SSL::SSLSocket.new(TCPSocket.new("example.com", 443))
socket.connect
`,
    `require "webrick"

server = WEBrick::HTTPServer.new(Port: ENV["PORT"].to_i, SSLEnable: false)
trap("TERM") { server.shutdown }
server.start
`,
    `require "sinatra"

set :bind, "0.0.0.0"
set :port, ENV["PORT"]
before { redirect(request.url.sub("http", "https")) if request.env["HTTP_X_FORWARDED_PROTO"] == "http" }
`,
    {
      "config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
      "config/puma.rb": 'port ENV.fetch("PORT", 3000)\n# ssl_bind "0.0.0.0", "9292", key: "k.pem", cert: "c.pem"\n',
      "config/environments/production.rb": "Rails.application.configure { config.force_ssl = true }\n",
    },
    `require "grpc"

stub = Greeter::Stub.new("api.example.com:443", GRPC::Core::ChannelCredentials.new)
puts stub.hello(Request.new).message
`,
    'HOMEPAGE = "https://example.com"\nDOCS = "#{HOMEPAGE}/docs"\n',
    'require "socket"\n\nserver = TCPServer.new("0.0.0.0", ENV["PORT"].to_i)\nloop { server.accept.close }\n',
    'require "webrick"\nconfig = { Port: ENV["PORT"].to_i }\nconfig.merge!(Logger: WEBrick::Log.new("/dev/null"))\nWEBrick::HTTPServer.new(config).start\n',
    'require "puma"\n\nclass Stop\n  def run\n    Puma::ControlCLI.new(args + ["stop"]).run\n  end\n\n  def args\n    "-S #{ENV["STATE"]}"\n  end\nend\n',
  ],
  [
    `require "webrick"
require "webrick/https"

WEBrick::HTTPServer.new(Port: 8443, SSLEnable: true, SSLCertName: [%w[CN localhost]]).start
`,
    `require "openssl"
require "socket"

context = OpenSSL::SSL::SSLContext.new
context.cert = OpenSSL::X509::Certificate.new(File.read("cert.pem"))
server = OpenSSL::SSL::SSLServer.new(TCPServer.new(Integer(ENV["PORT"])), context)
loop { server.accept.close }
`,
    `require "puma"

server = Puma::Server.new(App)
server.add_ssl_listener("0.0.0.0", Integer(ENV["PORT"]), Puma::MiniSSL::Context.new)
server.run.join
`,
    `require "grpc"

credentials = GRPC::Core::ServerCredentials.new(nil, [{ private_key: key, cert_chain: chain }], false)
server = GRPC::RpcServer.new
server.add_http2_port("0.0.0.0:443", credentials)
server.run_till_terminated
`,
    `require "webrick"

WEBrick::HTTPServer.new(Port: Integer(ENV["PORT"]), SSLEnable: ENV.key?("TLS_CERT")).start
`,
    `require "eventmachine"

module Secure
  def post_init
    start_tls(private_key_file: "key.pem", cert_chain_file: "cert.pem")
  end
end

EventMachine.run { EventMachine.start_server("0.0.0.0", 8443, Secure) }
`,
    `class Listener
  def initialize(tcp, context)
    @server = OpenSSL::SSL::SSLServer.new(tcp, context)
  end

  def accept = @server.accept
end
`,
    `require "webrick"

server = WEBrick::HTTPServer.new(
  Port: 443,
  SSLEnable: true,
  SSLCertificate: OpenSSL::X509::Certificate.new(File.read(ENV["CERT"])),
)
server.mount_proc("/") { |_request, response| response.body = "hello" }
server.start
`,
    'require "webrick"\nconfig = { Port: ENV["PORT"].to_i }\nconfig.merge!({ SSLEnable: true, SSLCertificate: certificate }) if certificate\nWEBrick::HTTPServer.new(config).start\n',
  ],
);
