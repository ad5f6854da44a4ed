"""The workloads: where they belong and what they are called."""

WORKLOADS = {
    "login": ("W1", "TConnect login: request"),
    "ipn": ("W1", "TConnect IPN: read"),
    "seal_64k": ("W1", "TConnect envelope 64 KiB: seal"),
    "open_64k": ("W1", "TConnect envelope 64 KiB: open"),
    "seal_1m": ("W1", "TConnect envelope 1 MiB: seal"),
    "open_1m": ("W1", "TConnect envelope 1 MiB: open"),
    "transfer": ("W2", "AppotaPay transfer: signed request"),
    "transfer_token": ("W2", "AppotaPay transfer with a new token"),
    "callback": ("W2", "AppotaPay callback: verify"),
    "token": ("W2", "AppotaPay token (JWT)"),
    "link": ("W3", "HPay V1 link"),
    "legacy_link": ("W3", "HPay legacy link, 18 fields"),
    "return": ("W3", "HPay return_url: verify"),
    "rsa_sign": ("W4", "HPay iBFT: RSA-2048 sign"),
    "rsa_verify": ("W4", "HPay iBFT: RSA-2048 verify"),
}
