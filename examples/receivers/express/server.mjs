// Express 5. Run: node server.mjs

import express from "express";
import { receive } from "./payments.mjs";

const app = express();
// The body as bytes, whatever Content-Type says. Before express.json(), which would parse it: a parsed body, written
// again, is another text.
const rawBody = express.raw({ type: () => true, limit: "256kb" });
// request.query is decoded already; the query string as it came stands in originalUrl.
const rawQuery = (request) => request.originalUrl.split("?").slice(1).join("?");
const answer = (response, { status, content_type, body }) => response.status(status).type(content_type).send(body);

app.post("/tconnect/ipn", rawBody, (request, response) => answer(response, receive("tconnect", request.body)));

app.post("/appotapay/callback", rawBody, (request, response) => answer(response, receive("appotapay", request.body)));

app.get("/hpay/notify", (request, response) => answer(response, receive("hpay", rawQuery(request))));

// The buyer's browser. Either of the two may come first, and the buyer can drop notify_url: both count.
app.get("/hpay/return", (request, response) => {
  const taken = receive("hpay", rawQuery(request));
  if (taken.status !== 200) return answer(response, taken);
  response.type("text/plain").send("Thank you.");
});

app.use(express.json()); // the shop's own routes come after it

app.listen(Number(process.env.PORT), "127.0.0.1");
