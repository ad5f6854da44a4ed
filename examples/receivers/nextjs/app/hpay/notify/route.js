import { answer, rawQuery } from "../../../answer.mjs";

export const GET = async (request) => answer("hpay", rawQuery(request));
