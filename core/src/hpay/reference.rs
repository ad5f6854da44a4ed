//! Tables of the document: success codes and the error codes of each service.

/// Success as the services print it: "000", "00", "0" or 0.
pub(super) const SUCCESS: &[&str] = &["000", "00", "0"];

/// Codes after which nobody knows whether money moved: reconcile, never send again.
const UNDETERMINED: &[&str] = &["99", "999", "050", "064", "100"];

/// Error codes of firm banking and their meanings.
const FIRM_BANKING: &[(&str, &str)] = &[
    ("000", "ok"),
    ("01", "HTTP verb not accepted"),
    ("4", "amount below the minimum"),
    ("20010", "merchant id missing"),
    ("20011", "bank code missing"),
    ("20012", "bank account number missing"),
    ("20013", "secure code missing"),
    ("20014", "merchant unknown or inactive"),
    ("20015", "secure code wrong"),
    ("20016", "account inactive or locked"),
    ("20017", "bad note"),
    ("217301", "cash-out request does not exist"),
    ("008", "IP not allowed, parameter missing, or merchant balance problem"),
    ("99", "unknown bank error - outcome undetermined"),
    ("999", "unknown internal error - outcome undetermined"),
    ("050", "in progress - outcome undetermined"),
    ("064", "waiting - outcome undetermined"),
    ("100", "waiting - outcome undetermined"),
    ("001", "secureChain signature does not verify"),
    ("010", "secureChain mismatch"),
    ("014", "payment not permitted"),
    ("035", "insufficient funds"),
    ("036", "payment account not activated"),
    ("043", "empty data"),
    ("058", "refund refused, original transaction id missing"),
    ("062", "account inquiry impossible"),
    ("063", "transaction cannot be done now, retry later"),
    ("066", "account unavailable"),
    ("096", "transaction cannot be done now, retry later"),
    ("104", "transaction cannot be done now, retry later"),
    ("115", "destination card/account invalid, re-enter"),
    ("116", "bank name lookup failed"),
    ("117", "account holder name wrong"),
    ("118", "destination has no holder name"),
    ("119", "destination invalid (savings or foreign-currency account)"),
    ("120", "destination card/account invalid"),
    ("122", "bank refuses transfer to account number"),
    ("123", "bank refuses transfer to card number"),
    ("124", "invalid characters in account/card"),
    ("125", "destination card/account invalid, retry later"),
    ("126", "customer has no transaction inquiry"),
    ("127", "wrong receiving customer"),
    ("128", "card/account invalid"),
    ("129", "transaction already executed"),
];

/// Whether a code says for certain that no money moved.
pub(super) fn firm_banking_failed(code: &str) -> bool {
    !UNDETERMINED.contains(&code) && FIRM_BANKING.iter().any(|(known, _)| *known == code)
}
