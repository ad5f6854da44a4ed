//! Allocations per call, growth over a million calls, and time by number of threads. Prints one JSON text.
//! Usage: memory INPUTS

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};

use kyso::tconnect::auth;
use kyso_bench::clock::thread_time;
use kyso_bench::inputs::Inputs;
use kyso_bench::workloads::{NAMES, contenders, tconnect};
use serde_json::{Map, Value, json};

/// Counts what it is asked for.
struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);
static LIVE: AtomicI64 = AtomicI64::new(0);

fn counted(layout: Layout) {
    COUNT.fetch_add(1, Relaxed);
    BYTES.fetch_add(layout.size() as u64, Relaxed);
    LIVE.fetch_add(layout.size() as i64, Relaxed);
}

// SAFETY: the system's allocator does the work. A reallocation is counted as an allocation by the default method.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        counted(layout);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        counted(layout);
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size() as i64, Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const SMALL: &[&str] = &[
    "login",
    "ipn",
    "transfer",
    "callback",
    "token",
    "link",
    "legacy_link",
    "return",
];

fn main() {
    let path = std::env::args().nth(1).expect("usage: memory INPUTS");
    let inputs = Inputs::read(&path);
    let allocations: Map<String, Value> = NAMES
        .iter()
        .map(|name| ((*name).to_owned(), per_call(name, inputs)))
        .collect();
    let report = json!({
        "host": "rust",
        "allocations": allocations,
        "growth": growth(inputs),
        "threads": by_threads(inputs),
    });
    println!("{report}");
}

/// Number and bytes of the allocations of one call, by contender.
fn per_call(name: &str, inputs: &'static Inputs) -> Value {
    let mut rows = Map::new();
    for mut contender in contenders(name, inputs) {
        (contender.run)(10);
        let (count, bytes) = (COUNT.load(Relaxed), BYTES.load(Relaxed));
        (contender.run)(10);
        let each = [COUNT.load(Relaxed) - count, BYTES.load(Relaxed) - bytes].map(|total| total as f64 / 10.0);
        rows.insert(contender.name.to_owned(), json!(each));
    }
    Value::Object(rows)
}

/// Bytes that are still held after a million calls.
fn growth(inputs: &'static Inputs) -> i64 {
    let mut jobs: Vec<_> = SMALL
        .iter()
        .map(|name| contenders(name, inputs).swap_remove(0))
        .collect();
    let mut repeat = |calls| {
        for job in &mut jobs {
            (job.run)(calls);
        }
        LIVE.load(Relaxed)
    };
    let before = repeat(1000);
    repeat(1_000_000 / SMALL.len() as u64) - before
}

/// Nanoseconds of CPU time of a login, by the number of threads that share the client.
fn by_threads(inputs: &'static Inputs) -> Value {
    const CALLS: u64 = 100_000;
    let client = tconnect(inputs);
    let record = &inputs.login;
    let thread = || {
        let start = thread_time();
        for _ in 0..CALLS {
            let login = auth::Login {
                username: record.username.as_str().into(),
                password: record.password.as_str().into(),
                client_id: record.client_id.as_str().into(),
                client_secret: record.client_secret.as_str().into(),
                extra: None,
            };
            std::hint::black_box(client.auth().login(&login).expect("a request"));
        }
        (thread_time() - start) as f64 / CALLS as f64
    };
    let mut rows = Map::new();
    for count in [1, 2, 4, 8] {
        let mut each: Vec<f64> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(thread)).collect();
            threads.into_iter().map(|one| one.join().expect("a thread")).collect()
        });
        each.sort_by(f64::total_cmp);
        rows.insert(count.to_string(), json!(each[count / 2]));
    }
    Value::Object(rows)
}
