//! The IMF-fixdate form, the only form that is sent.

use super::calendar::{DAY, civil_from_days};

/// The length of an IMF-fixdate in bytes.
pub(super) const LENGTH: usize = 29;

/// 1970-01-01 was a Thursday.
const DAY_NAMES: &[u8; 21] = b"ThuFriSatSunMonTueWed";
const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// Writes a time as an IMF-fixdate. It must be in the years 0000 to 9999.
pub(super) const fn format(seconds: i64) -> [u8; LENGTH] {
    let days = seconds.div_euclid(DAY);
    let time = seconds.rem_euclid(DAY);
    let (year, month, day) = civil_from_days(days);
    let day_name = 3 * days.rem_euclid(7) as usize;
    let month = 3 * (month - 1) as usize;
    let mut out = *b"ddd, 00 mmm 0000 00:00:00 GMT";
    out[0] = DAY_NAMES[day_name];
    out[1] = DAY_NAMES[day_name + 1];
    out[2] = DAY_NAMES[day_name + 2];
    out[5] = digit(day / 10);
    out[6] = digit(day);
    out[8] = MONTHS[month];
    out[9] = MONTHS[month + 1];
    out[10] = MONTHS[month + 2];
    out[12] = digit(year / 1_000);
    out[13] = digit(year / 100);
    out[14] = digit(year / 10);
    out[15] = digit(year);
    out[17] = digit(time / 36_000);
    out[18] = digit(time / 3_600);
    out[20] = digit(time / 600 % 6);
    out[21] = digit(time / 60);
    out[23] = digit(time / 10 % 6);
    out[24] = digit(time);
    out
}

const fn digit(number: i64) -> u8 {
    b'0' + (number % 10) as u8
}
