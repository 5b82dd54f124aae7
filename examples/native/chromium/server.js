import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

async function answer() {
  const browser = await puppeteer.launch({
    executablePath: "/usr/lib/chromium/chromium-headless-shell",
    // The container is the sandbox; its /dev/shm is small.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--user-data-dir=/tmp/chromium"],
  });
  try {
    const page = await browser.newPage();
    await page.setContent("<h1>Hello from</h1><script>document.querySelector('h1').append(' Chromium')</script>");
    const title = await page.$eval("h1", (element) => element.textContent);
    const pdf = await page.pdf({ format: "A6" });
    return { title, pdf: Buffer.from(pdf.subarray(0, 5)).toString() };
  } finally {
    await browser.close();
  }
}

createServer(async (request, response) => {
  try {
    if (request.url === "/alive") return response.end("alive");
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(await answer()));
  } catch (error) {
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(process.env.PORT ?? 8080);
