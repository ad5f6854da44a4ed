export function receive(
  gateway: string,
  raw: string | Uint8Array,
): { status: number; content_type: string; body: string };
