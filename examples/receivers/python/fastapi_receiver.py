"""FastAPI. Run: uvicorn fastapi_receiver:app"""

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from payments import receive

app = FastAPI()


# No Pydantic model in the parameters: FastAPI would parse the body, and a parsed body cannot be verified.
@app.post("/tconnect/ipn")
async def tconnect_ipn(request: Request) -> Response:
    return await answer("tconnect", await request.body())


@app.post("/appotapay/callback")
async def appotapay_callback(request: Request) -> Response:
    return await answer("appotapay", await request.body())


# request.query_params is decoded already; the scope keeps the query string as it came.
@app.get("/hpay/notify")
async def hpay_notify(request: Request) -> Response:
    return await answer("hpay", request.scope["query_string"])


# The buyer's browser. Either of the two may come first, and the buyer can drop notify_url: both count.
@app.get("/hpay/return")
async def hpay_return(request: Request) -> Response:
    taken = await answer("hpay", request.scope["query_string"])
    if taken.status_code != 200:
        return taken
    return Response("Thank you.", media_type="text/plain")


async def answer(gateway: str, raw: bytes) -> Response:
    # The database is synchronous: not on the event loop.
    taken = await run_in_threadpool(receive, gateway, raw)
    return Response(taken["body"], taken["status"], media_type=taken["content_type"])
