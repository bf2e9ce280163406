//! Heaps with holes, as a process has them that has been running for a while.
//!
//! What malloc costs depends on the holes that there are. The same exchange, with the same
//! allocations, costs a few percent more on one heap than on another.

/// The number of heaps that an exchange is counted on.
pub(crate) const HEAPS: u32 = 9;

/// Allocates blocks of 32 bytes to 16 KiB and frees half of them. A number always leaves the same
/// holes.
pub(crate) fn fragment(number: u32) {
    let mut state = u64::from(number) + 1;
    let mut random = move || {
        // The generator of Knuth's MMIX. Its high bits are the random ones.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut freed = Vec::new();
    for _ in 0..256 {
        let size = 32 << (random() % 9);
        let block = vec![0_u8; size + random() as usize % size];
        if random() % 2 == 0 {
            freed.push(block);
        } else {
            // It lives as long as the process.
            let _: &mut [u8] = block.leak();
        }
    }
}
