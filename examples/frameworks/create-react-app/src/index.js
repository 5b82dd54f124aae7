import { createRoot } from "react-dom/client";

const unused = "a warning of the linter, which does not end the build";

createRoot(document.getElementById("root")).render(<h1>Hello from Create React App</h1>);
