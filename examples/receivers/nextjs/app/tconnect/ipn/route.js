import { answer } from "../../../answer.mjs";

// The bytes as they came, not request.json().
export const POST = async (request) => answer("tconnect", new Uint8Array(await request.arrayBuffer()));
