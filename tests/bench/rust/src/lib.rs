//! The workloads: whole operations of the crate beside the same jobs by hand.

pub mod clock;
pub mod hand;
pub mod inputs;
pub mod peers;
pub mod workloads;

use std::hint::black_box;

use serde_json::Value;

/// One way to do a job.
pub struct Contender {
    pub name: &'static str,
    /// Does the job so many times; with 0, once, and gives what must be equal for all contenders.
    pub run: Box<dyn FnMut(u64) -> Option<Value>>,
}

/// A contender; `same` takes from its result what must be equal for all.
pub fn contender<T: 'static>(
    name: &'static str,
    mut job: impl FnMut() -> T + 'static,
    same: impl Fn(T) -> Value + 'static,
) -> Contender {
    let run = move |calls| {
        if calls == 0 {
            return Some(same(job()));
        }
        for _ in 0..calls {
            black_box(job());
        }
        None
    };
    Contender {
        name,
        run: Box::new(run),
    }
}
