//! TConnect signs nothing: what its messages prove instead.

use super::TConnect;
use crate::answer::Made;
use crate::canonical::Evidence;
use crate::error::{Code, Error, Result};
use crate::explain::{Explain, Explanation, unsigned};
use crate::operations::{self, Kind, Operation, Service, Typed};

pub(crate) const SERVICE: Service = Service {
    name: "explain",
    doc: "What a message is protected by.",
    operations: &[Operation {
        name: "tconnect.explain.signature",
        kind: Kind::Pure,
        evidence: Evidence::Official,
        doc: "Says what protects a message: TConnect encrypts requests and notifications and signs nothing.",
        handler: &Typed(signature),
    }],
};

pub(crate) fn signature(_: &TConnect, input: &Explain) -> Result<Made<Explanation>> {
    if !input.operation.starts_with("tconnect.") || operations::find(&input.operation).is_none() {
        return Err(Error::new(Code::UnknownOperation).field("operation"));
    }
    input.given()?;
    Ok(unsigned(
        &input.operation,
        "TConnect signs nothing. Requests and notifications are encrypted with AES-256-CBC under the shared key: when one \
         does not open, the key differs or the text was changed; answers are plain JSON.",
        "TConnect không ký gì cả. Request và IPN được mã hóa AES-256-CBC bằng khóa chung: nếu không giải mã được thì \
         khóa khác nhau hoặc nội dung đã bị thay đổi; phản hồi là JSON thường.",
    ))
}
