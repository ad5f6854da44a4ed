import { answer } from "../../../answer.mjs";

// The bytes as they came, not request.json().
export const POST = async (request) => answer("appotapay", new Uint8Array(await request.arrayBuffer()));
