/** Go's servers, their TLS, tickers and schedulers. */
import type { Catalogue, Slot } from "../catalogue.ts";

const at = (index: number): Slot => ({ index });
const GIN = String.raw`github\.com/gin-gonic/gin\.(Default\(\)|New\(\)|Engine)`;
const ECHO = String.raw`github\.com/labstack/echo(/v\d)?\.(New\(\)|Echo)`;
const FIBER = String.raw`github\.com/gofiber/fiber(/v\d)?\.(New\(\)|App)`;
const IRIS = String.raw`github\.com/kataras/iris(/v\d+)?\.(New\(\)|Default\(\)|Application)`;

export const GO: Catalogue = {
  listeners: [
    {
      path: /^net\/http\.(ListenAndServe|ListenAndServeTLS)$/,
      framework: "net/http",
      address: at(0),
      defaults: { port: 80, host: "all" },
    },
    {
      path: /^net\.Listen$/,
      framework: "net",
      network: at(0),
      address: at(1),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^net\.ListenTCP$/,
      framework: "net",
      network: at(0),
      address: at(1),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^github\.com\/multiformats\/go-multiaddr(?:-net|(?:\/v\d+)?\/net)\.Listen$/,
      framework: "net",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^net\.ListenConfig(\(\))?\.Listen$/,
      framework: "net",
      network: at(1),
      address: at(2),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: /^crypto\/tls\.Listen$/,
      framework: "crypto/tls",
      address: at(1),
      defaults: { host: "all" },
      protocol: "tcp",
    },
    {
      path: new RegExp(`^${GIN}\\.(Run|RunTLS)$`),
      framework: "Gin",
      address: at(0),
      defaults: { port: "PORT", host: "all" },
    },
    {
      path: /^github\.com\/labstack\/echo\/v5\.(New\(\)|Echo)\.Start$/,
      framework: "Echo",
      address: at(0),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^github\.com\/cloudevents\/sdk-go(\/v2)?(\/client)?\.(New\w*|Client)(\(\))?\.StartReceiver$/,
      framework: "CloudEvents",
      defaults: { port: 8080, host: "all" },
    },
    {
      path: new RegExp(`^${ECHO}\\.(Start|StartTLS|StartH2CServer|StartAutoTLS)$`),
      framework: "Echo",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: new RegExp(`^${FIBER}\\.(Listen|ListenTLS)$`),
      framework: "Fiber",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^github\.com\/valyala\/fasthttp\.(ListenAndServe|ListenAndServeTLS|Server\.ListenAndServe)$/,
      framework: "fasthttp",
      address: at(0),
      defaults: { host: "all" },
    },
    { path: new RegExp(`^${IRIS}\\.Listen$`), framework: "Iris", address: at(0), defaults: { host: "all" } },
    {
      path: /^github\.com\/kataras\/iris(\/v\d+)?\.(Addr|TLS)$/,
      framework: "Iris",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^github\.com\/(urfave\/negroni|codegangsta\/negroni)\.(Classic\(\)|New\(\)|Negroni)\.Run$/,
      framework: "Negroni",
      address: at(0),
      defaults: { port: "PORT", host: "all" },
    },
    {
      path: /^github\.com\/gorilla\/\w+\.ListenAndServe$/,
      framework: "net/http",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^github\.com\/GoogleCloudPlatform\/functions-framework-go\/funcframework\.(Start|StartHostPort)$/,
      framework: "Functions Framework",
      port: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^github\.com\/beego\/beego(\/v2)?(\/server\/web)?\.Run$/,
      framework: "Beego",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^github\.com\/go-kratos\/kratos(\/v\d)?\/transport\/http\.Address$/,
      framework: "Kratos",
      address: at(0),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^github\.com\/go-kratos\/kratos(\/v\d)?\/transport\/grpc\.Address$/,
      framework: "Kratos",
      address: at(0),
      defaults: { host: "all" },
      protocol: "grpc",
      handlesSigterm: true,
    },
    {
      path: /^github\.com\/prometheus\/exporter-toolkit\/web\/kingpinflag\.AddFlags$/,
      framework: "exporter-toolkit",
      address: at(1),
      defaults: { host: "all" },
    },
    {
      path: /^github\.com\/prometheus\/exporter-toolkit\/web\.ListenAndServe$/,
      framework: "exporter-toolkit",
      defaults: {},
    },
    {
      path: /^github\.com\/go-martini\/martini\.(Classic\(\)|New\(\)|ClassicMartini|Martini)\.RunOnAddr$/,
      framework: "Martini",
      address: at(0),
      defaults: { host: "all" },
    },
    {
      path: /^github\.com\/cloudwego\/hertz\/pkg\/app\/server\.WithHostPorts$/,
      framework: "Hertz",
      address: at(0),
      defaults: { host: "all" },
      handlesSigterm: true,
    },
    {
      path: /^github\.com\/cloudwego\/kitex\/server\.WithServiceAddr$/,
      framework: "Kitex",
      address: at(0),
      defaults: { host: "all" },
      protocol: "tcp",
      handlesSigterm: true,
    },
    {
      path: /^github\.com\/mark3labs\/mcp-go\/server\.New\w*Server\(\)\.Start$/,
      framework: "mcp-go",
      address: at(0),
      defaults: { host: "all" },
    },
  ],
  tls: [
    { path: /^net\/http\.(ListenAndServeTLS|ServeTLS|Server(\(\))?\.(ListenAndServeTLS|ServeTLS))$/ },
    // Of whatever library: nothing but a server has methods of these names.
    { path: /\.(ListenAndServeTLS|ServeTLS|ListenAndServeAutoTLS)$/, what: "ListenAndServeTLS" },
    { path: /^crypto\/tls\.(Listen|NewListener)$/ },
    { path: /^crypto\/tls\.Server$/ },
    { path: /^golang\.org\/x\/crypto\/acme\/autocert\.(NewListener|Manager(\(\))?\.(Listener|TLSConfig))$/ },
    { path: /^google\.golang\.org\/grpc\/credentials\.(NewServerTLSFromFile|NewServerTLSFromCert)$/ },
    { path: /^google\.golang\.org\/grpc\.Creds$/, text: /NewTLS|NewServerTLS|creds|tls/i, what: "grpc.Creds" },
    { path: /^github\.com\/gin-gonic\/autotls\.(Run|RunWithManager|RunWithContext)$/ },
    { path: new RegExp(`^${GIN}\\.(RunTLS|RunQUIC)$`), what: "Gin's RunTLS" },
    { path: new RegExp(`^${ECHO}\\.(StartTLS|StartAutoTLS)$`), what: "Echo's StartTLS" },
    { path: /^github\.com\/labstack\/echo\/v5\.StartConfig\.StartTLS$/, what: "Echo's StartTLS" },
    {
      path: new RegExp(`^${FIBER}\\.(ListenTLS|ListenMutualTLS|ListenTLSWithCertificate)$`),
      what: "Fiber's ListenTLS",
    },
    {
      path: /^github\.com\/valyala\/fasthttp\.(ListenAndServeTLS\w*|ServeTLS\w*|Server(\(\))?\.(ListenAndServeTLS\w*|ServeTLS\w*))$/,
    },
    { path: /^github\.com\/(caddyserver|mholt)\/certmagic\.(HTTPS|Listen|TLS)$/ },
    { path: /^github\.com\/kataras\/iris(\/v\d+)?\.(TLS|AutoTLS)$/ },
    {
      path: /^github\.com\/(quic-go|lucas-clemente)\/quic-go\/http3\.(ListenAndServe\w*|Server(\(\))?\.ListenAndServe\w*)$/,
    },
    { path: /^github\.com\/foomo\/simplecert\.(Init|ListenAndServeTLS\w*)$/ },
  ],
};

export const GO_CALLS = new Set(
  "AddFlags Address RunOnAddr WithHostPorts WithServiceAddr MustNewServer ListenAndServe ListenAndServeTLS ServeTLS Serve Listen ListenTCP Run RunTLS RunQUIC Start StartTLS StartH2CServer StartAutoTLS ListenTLS ListenMutualTLS ListenTLSWithCertificate Addr TLS AutoTLS StartHostPort StartReceiver NewListener Listener TLSConfig Server NewServerTLSFromFile NewServerTLSFromCert Creds RunWithManager RunWithContext HTTPS Init New NewScheduler NewServer NewClient Open Notify NotifyContext NewTicker Tick Setenv Fatal Fatalf Fatalln Panic Panicf Exit panic Get NewRequest Error WriteHeader AbortWithStatus AbortWithStatusJSON JSON Status SendStatus StartServer RunServer Engine Execute".split(
    " ",
  ),
);

export const GO_WORDS =
  /\b(uber\.org\/fx|gobuffalo|pocketbase|go-fuego|RunOnAddr|WithHostPorts|WithServiceAddr|go-kratos|go-zero|SetupSignal\w*|kingpinflag|ListenAndServe\w*|ServeTLS|Listen\w*|Run(TLS|QUIC)?|Start(TLS|H2CServer|AutoTLS)?|Serve|http\.Server|tls\.|autocert|credentials|SIGTERM|signal|graceful\w*|gracehttp|endless|svc|kardianos|NewTicker|Tick|cron|gocron|asynq|sqlite|bbolt|bolt|badger|StartReceiver|StartConfig|Getenv|LookupEnv|funcframework|certmagic|metadata)\b/;
