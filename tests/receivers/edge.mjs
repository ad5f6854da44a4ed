// A route of the edge runtime: it must build with webpack, which takes less than Turbopack does.
import { VietQR } from "kyso";

export const config = { runtime: "edge" };

export default () => Response.json(VietQR.bank.list());
