//! Rust: prints one JSON text. Usage: bench INPUTS ROUNDS [WORKLOAD,...]
//! `bench INPUTS calls WORKLOAD NUMBER` only calls kyso so often, for callgrind.

use kyso_bench::Contender;
use kyso_bench::clock::thread_time;
use kyso_bench::inputs::Inputs;
use kyso_bench::workloads::{NAMES, contenders};
use serde_json::{Map, Value, json};

/// Long enough for the clock and short enough to interleave: nanoseconds of CPU time.
const BATCH: u64 = 2_000_000;
const WARM_UP: u64 = 10_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let inputs = Inputs::read(&arguments[1]);
    if arguments[2] == "calls" {
        let calls = arguments[4].parse().expect("a number");
        (contenders(&arguments[3], inputs)[0].run)(calls);
        return;
    }
    let rounds: usize = arguments[2].parse().expect("rounds");
    let only = arguments.get(3).map(String::as_str).unwrap_or_default();
    let mut workloads = Map::new();
    for name in NAMES
        .iter()
        .filter(|name| only.is_empty() || only.split(',').any(|one| one == **name))
    {
        workloads.insert((*name).to_owned(), measure(name, contenders(name, inputs), rounds));
    }
    let versions = json!({
        "rustc": env!("KYSO_BENCH_RUSTC"),
        "openssl": openssl::version::version(),
        "ring": env!("KYSO_BENCH_RING"),
        "aws-lc-rs": env!("KYSO_BENCH_AWS_LC_RS"),
    });
    println!(
        "{}",
        json!({ "host": "rust", "versions": versions, "workloads": workloads })
    );
}

fn measure(name: &str, mut contenders: Vec<Contender>, rounds: usize) -> Value {
    check(name, &mut contenders);
    let calls: Vec<u64> = contenders.iter_mut().map(calibrate).collect();
    let mut samples = vec![Vec::new(); contenders.len()];
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            let at = (turn + round) % contenders.len();
            samples[at].push(time(&mut contenders[at], calls[at]) as f64 / calls[at] as f64);
        }
    }
    contenders
        .iter()
        .zip(samples)
        .map(|(one, samples)| (one.name.to_owned(), json!(samples)))
        .collect()
}

fn check(name: &str, contenders: &mut [Contender]) {
    let mut results = contenders
        .iter_mut()
        .map(|one| (one.name, (one.run)(0).expect("a result")));
    let (_, ours) = results.next().expect("kyso");
    assert_ne!(ours, Value::Bool(false), "{name}");
    for (contender, result) in results {
        assert_eq!(result, ours, "{name}: {contender} gives another result");
    }
}

/// How many calls make a batch.
fn calibrate(contender: &mut Contender) -> u64 {
    let (mut calls, mut total, mut last) = (1, 0, 0);
    while total < WARM_UP {
        last = time(contender, calls);
        total += last;
        if last < BATCH / 2 {
            calls *= 2;
        }
    }
    (calls * BATCH / last.max(1)).max(1)
}

fn time(contender: &mut Contender, calls: u64) -> u64 {
    let start = thread_time();
    (contender.run)(calls);
    thread_time() - start
}
