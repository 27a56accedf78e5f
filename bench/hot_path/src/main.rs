//! Does one piece of the hot path so many times, for a program that counts instructions: `bench/instructions` runs it under
//! callgrind twice and takes the difference, so that making ready is not counted. Without arguments it names the pieces.

use hot_path::ALL;

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [name, count] = given.as_slice() else {
        ALL.iter().for_each(|work| println!("{}\t{}", work.name, work.times));
        return;
    };
    let (Some(work), Ok(count)) = (ALL.iter().find(|work| work.name == name), count.parse::<u64>()) else {
        eprintln!("usage: hot-path [NAME COUNT]; without them it names the pieces");
        std::process::exit(2);
    };
    let mut run = (work.prepare)();
    (0..count).for_each(|_| run());
}
