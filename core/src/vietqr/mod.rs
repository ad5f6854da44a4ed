//! VietQR: the merchant-presented payment codes of NAPAS247 (EMVCo payload). Built, read strictly, drawn; and one
//! directory of banks for all gateways. Formats: NAPAS, VietQR format for NAPAS247 transfers, version 1.0.

pub mod bank;
mod build;
pub mod code;
pub mod draw;
mod object;
mod png;
mod read;
pub mod text;

pub(crate) use read::read;

use crate::operations::{AnyClient, Gateway, OfGateway};

pub(crate) const GATEWAY: Gateway = Gateway {
    name: "vietqr",
    class: "VietQR",
    doc: "VietQR payment codes and the directory of banks. Needs no configuration.",
    services: &[code::SERVICE, bank::SERVICE, text::SERVICE],
    has_client: false,
};

/// VietQR has neither secrets nor settings: every operation works without a client.
#[derive(Clone, Copy, Debug, Default)]
pub struct VietQR;

impl OfGateway for VietQR {
    fn of(_: AnyClient<'_>) -> Option<&Self> {
        Some(&VietQR)
    }
}
