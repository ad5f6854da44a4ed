-- What the shop has sold, and what it was told about payments. The primary key of payments is what makes a repeated or
-- replayed message harmless.
CREATE TABLE orders (
    code     TEXT PRIMARY KEY,
    amount   INTEGER NOT NULL, -- VND
    credited INTEGER NOT NULL DEFAULT 0 -- VND
);
CREATE TABLE payments (
    idempotency_key TEXT PRIMARY KEY,
    gateway         TEXT NOT NULL,
    order_code      TEXT NOT NULL REFERENCES orders (code),
    amount          INTEGER NOT NULL, -- VND
    state           TEXT NOT NULL, -- outcome, or to_confirm where the message proves too little
    raw             TEXT NOT NULL
);
