//! G1: the power goes under load, again and again, and what was acknowledged or shown is there each time.

use std::time::Duration;

use crate::house::{House, library};
use crate::load::Load;
use crate::{roll, seed};

const CUTS: u32 = 20;
/// A control that has lost nothing after so many cuts proves nothing.
const CONTROL_CUTS: u32 = 20;

/// Cuts the power `cuts` times, or until something is wrong; what was wrong, and how much was acknowledged.
async fn cut_power(cuts: u32, variables: &[(&str, &str)]) -> (Vec<String>, usize) {
    let mut house = House::start_on_ext4(variables);
    house.may_fail();
    let load = Load::new(house.address).await;
    let mut dice = seed();
    for _ in 0..cuts {
        let running = load.begin();
        tokio::time::sleep(Duration::from_millis(250 + roll(&mut dice) % 750)).await;
        house.cut_power();
        running.end().await;
        let wrongs = load.wrongs().await;
        if !wrongs.is_empty() {
            return (wrongs, load.acknowledged());
        }
    }
    (Vec::new(), load.acknowledged())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn log_2_g1_twenty_power_cuts_lose_nothing_and_without_its_syncs_the_same_house_does() {
    let (wrongs, acknowledged) = cut_power(CUTS, &[]).await;
    assert!(wrongs.is_empty(), "{wrongs:#?}");
    assert!(acknowledged > 500, "the load was no load: {acknowledged}");
    println!("G1: {CUTS} power cuts, {acknowledged} acknowledged, 0 lost");
    let (wrongs, of) = cut_power(CONTROL_CUTS, &[("PARLOUR_WITHOUT", "full_sync")]).await;
    assert!(!wrongs.is_empty(), "control: synchronous=NORMAL lost nothing of {of}: this rig cuts no power");
    println!("G1 control, synchronous=NORMAL: {} of {of} lost or changed", wrongs.len());
    let eatmydata = library("libeatmydata.so");
    let (wrongs, of) = cut_power(CONTROL_CUTS, &[("LD_PRELOAD", eatmydata.to_str().unwrap())]).await;
    assert!(!wrongs.is_empty(), "control: an fsync that does nothing lost nothing of {of}");
    println!("G1 control, an fsync that does nothing: {} of {of} lost or changed", wrongs.len());
}
