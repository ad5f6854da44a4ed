import { answer, rawQuery } from "../../../answer.mjs";

// The buyer's browser. Either of the two may come first, and the buyer can drop notify_url: both count.
export const GET = async (request) => answer("hpay", rawQuery(request), "Thank you.");
