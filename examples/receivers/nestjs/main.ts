// NestJS on Express. Run: npm run build && node dist/main.js

import "reflect-metadata";
import { Controller, Get, Module, Post, Req, Res } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import type { Request, Response } from "express";
import { receive } from "./payments.mjs";

// request.query is decoded already; the query string as it came stands in originalUrl.
const rawQuery = (request: Request) => request.originalUrl.split("?").slice(1).join("?");

@Controller()
class Callbacks {
  @Post("tconnect/ipn")
  tconnectIpn(@Req() request: Request, @Res() response: Response) {
    this.answer("tconnect", request.body, response);
  }

  @Post("appotapay/callback")
  appotapayCallback(@Req() request: Request, @Res() response: Response) {
    this.answer("appotapay", request.body, response);
  }

  @Get("hpay/notify")
  hpayNotify(@Req() request: Request, @Res() response: Response) {
    this.answer("hpay", rawQuery(request), response);
  }

  // The buyer's browser. Either of the two may come first, and the buyer can drop notify_url: both count.
  @Get("hpay/return")
  hpayReturn(@Req() request: Request, @Res() response: Response) {
    this.answer("hpay", rawQuery(request), response, "Thank you.");
  }

  private answer(gateway: string, raw: string | Buffer, response: Response, page?: string) {
    const { status, content_type, body } = receive(gateway, raw);
    if (status === 200 && page) return response.type("text/plain").send(page);
    return response.status(status).type(content_type).send(body);
  }
}

@Module({ controllers: [Callbacks] })
class App {}

const app = await NestFactory.create<NestExpressApplication>(App, { bodyParser: false, logger: ["error", "warn"] });
// The body of callbacks as bytes, whatever Content-Type says; Nest's own `rawBody: true` keeps it only beside a body
// that it could parse. The shop's other routes get parsed JSON.
const callback = ({ url = "" }: { url?: string }) => /^\/(tconnect|appotapay)\//.test(url);
app.useBodyParser("raw", { type: callback, limit: "256kb" });
app.useBodyParser("json");
await app.listen(Number(process.env.PORT), "127.0.0.1");
