//! Dates: what was read and written can be read again. The first eight bytes of input are the time.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use libfuzzer_sys::fuzz_target;
use tower_conditional::HttpDate;

fuzz_target!(|data: &[u8]| {
    let Some((clock, text)) = data.split_first_chunk::<8>() else {
        return;
    };
    let clock = i64::from_le_bytes(*clock);
    let distance = Duration::from_secs(clock.unsigned_abs());
    let now = match clock < 0 {
        true => UNIX_EPOCH.checked_sub(distance),
        false => UNIX_EPOCH.checked_add(distance),
    };
    if let Ok(date) = HttpDate::parse(text, now.unwrap_or(UNIX_EPOCH)) {
        assert_eq!(HttpDate::parse(date.as_bytes(), UNIX_EPOCH), Ok(date));
        assert_eq!(HttpDate::from_unix_seconds(date.unix_seconds()), Ok(date));
    }
});
