//! The list of operations.

use kyso::operations;
use kyso::value::{Record, Value};

use crate::{Failure, io};

pub(crate) fn operations(filter: Option<&str>, json: bool) -> Result<(), Failure> {
    let shown = operations::all().filter(|operation| filter.is_none_or(|filter| operation.name.contains(filter)));
    for operation in shown {
        if json {
            let record = Record::from_iter([
                ("name", Value::text(operation.name)),
                ("kind", Value::text(operation.kind.name())),
                ("evidence", Value::text(operation.evidence.name())),
                ("doc", Value::text(operation.doc)),
            ]);
            io::print(&Value::Record(record), true)?;
        } else {
            io::say(&format!(
                "{}  [{}, {}]\n    {}\n",
                operation.name,
                operation.kind.name(),
                operation.evidence.name(),
                operation.doc
            ))?;
        }
    }
    Ok(())
}
