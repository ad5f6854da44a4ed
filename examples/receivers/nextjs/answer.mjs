/** A Response to a message of a gateway. `page` is for the buyer's browser, in place of the acknowledgement. */
export async function answer(gateway, raw, page) {
  // Loaded with the first message: `next build` runs every module, and has no credentials.
  const { receive } = await import("./payments.mjs");
  const { status, content_type, body } = receive(gateway, raw);
  const shown = status === 200 && page ? { body: page, content_type: "text/plain" } : { body, content_type };
  return new Response(shown.body, { status, headers: { "Content-Type": shown.content_type } });
}

// request.nextUrl.searchParams is decoded already; request.url keeps the query string as it came.
export const rawQuery = (request) => new URL(request.url).search;
