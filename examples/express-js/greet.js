exports.greet = (name) => `Hello, ${name || "Express"}!`;
