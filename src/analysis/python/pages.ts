/** Libraries of Python that make a page of what a script shows, and serve it themselves. */
import type { ListenerEntry } from "../catalogue.ts";
import { at, key } from "./slots.ts";

export const PYTHON_PAGES: readonly ListenerEntry[] = [
  {
    path: /^taipy(\.gui)?\.Gui(\(\))?\.run$/,
    framework: "Taipy",
    port: key("port"),
    host: key("host"),
    defaults: { port: 5000, host: "localhost" },
  },
  {
    path: /^trame\.app\.get_server(\(\))?\.start$/,
    framework: "trame",
    port: at(0, "port"),
    host: key("host"),
    defaults: { port: 8080, host: "localhost" },
  },
  {
    path: /^remi(\.server)?\.start$/,
    framework: "REMI",
    host: at(1, "address"),
    port: at(2, "port"),
    defaults: { host: "localhost" },
  },
  {
    path: /^(dash\.Dash|jupyter_dash\.JupyterDash|dash_extensions\.\w+(\.\w+)?)(\(\))?\.(run|run_server)$/,
    framework: "Dash",
    host: at(0, "host"),
    port: at(1, "port"),
    defaults: { port: "PORT", host: "localhost" },
  },
  {
    path: /^(gradio(\.\w+)?\.(Blocks|Interface|ChatInterface|TabbedInterface)(\(\))?(\.queue\(\))?|gradio\.\w+\(\)\.queue\(\))\.launch$/,
    framework: "Gradio",
    host: key("server_name"),
    port: key("server_port"),
    defaults: { port: 7860, host: "localhost" },
  },
  {
    path: /^nicegui\.ui\.run$/,
    framework: "NiceGUI",
    host: key("host"),
    port: key("port"),
    defaults: { port: 8080, host: "all" },
    handlesSigterm: true,
  },
  {
    path: /^eel\.start$/,
    framework: "Eel",
    host: key("host"),
    port: key("port"),
    defaults: { port: 8000, host: "localhost" },
  },
  {
    path: /^justpy\.justpy$/,
    framework: "JustPy",
    host: key("host"),
    port: key("port"),
    defaults: { port: 8000, host: "localhost" },
    handlesSigterm: true,
  },
  {
    path: /^shiny(\.\w+)?\.(run_app|App(\(\))?\.run)$/,
    framework: "Shiny",
    host: key("host"),
    port: key("port"),
    defaults: { port: 8000, host: "localhost" },
    handlesSigterm: true,
  },
  {
    path: /^(bokeh\.server\.server\.(Server|BaseServer)|panel(\.io(\.server)?)?\.serve)$/,
    framework: "Bokeh",
    host: key("address"),
    port: key("port"),
    defaults: { port: 5006, host: "all" },
    handlesSigterm: true,
  },
];
