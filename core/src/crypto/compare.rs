//! Constant-time comparison, the only place that compares digests.

use subtle::ConstantTimeEq;

/// Whether both are equal, in time that depends on the lengths alone.
pub(crate) fn equal(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}
