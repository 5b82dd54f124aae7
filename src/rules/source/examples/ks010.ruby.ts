import { examplesOf } from "./examples.ts";

export default examplesOf(
  "app.rb",
  [
    'require "net/http"\nhttp = Net::HTTP.new("example.com", 443)\nhttp.use_ssl = true\n',
    'require "openssl"\nOpenSSL::SSL::SSLSocket.new(socket).connect\n',
    'require "webrick"\nWEBrick::HTTPServer.new(Port: ENV["PORT"]).start\n',
    'require "webrick"\nWEBrick::HTTPServer.new(Port: ENV["PORT"], SSLEnable: false).start\n',
    'require "sinatra"\n',
    'URL = "https://example.com"\n',
    "# OpenSSL::SSL::SSLServer.new(tcp, context)\n",
    'require "socket"\nTCPServer.new(ENV["PORT"])\n',
  ],
  [
    'require "webrick"\nrequire "webrick/https"\nWEBrick::HTTPServer.new(Port: 8443, SSLEnable: true, SSLCertName: [%w[CN localhost]]).start\n',
    'require "openssl"\ntcp = TCPServer.new(8443)\nserver = OpenSSL::SSL::SSLServer.new(tcp, context)\n',
    'server = Puma::Server.new(app)\nserver.add_ssl_listener("0.0.0.0", 9292, context)\n',
    "credentials = GRPC::Core::ServerCredentials.new(nil, [{ private_key: k, cert_chain: c }], false)\n",
    'require "openssl"\ncontext = OpenSSL::SSL::SSLContext.new\nssl = OpenSSL::SSL::SSLServer.new(TCPServer.new(443), context)\nloop { ssl.accept }\n',
    'require "webrick"\nserver = WEBrick::HTTPServer.new(\n  Port: Integer(ENV["PORT"]),\n  SSLEnable: true,\n  SSLCertificate: cert,\n)\nserver.start\n',
    'launcher = Puma::Server.new(App)\nlauncher.add_ssl_listener "127.0.0.1", 443, ctx\nlauncher.run\n',
    'require "openssl"\ndef serve(tcp, context)\n  OpenSSL::SSL::SSLServer.new(tcp, context)\nend\n',
  ],
);
