//! The proleptic Gregorian calendar, in days and seconds from 1970-01-01.
//!
//! Here a year begins in March. The leap day is then its last day, and the first day of a month is
//! a linear function of the month.

use std::time::{SystemTime, UNIX_EPOCH};

pub(super) const DAY: i64 = 86_400;

/// The first second of the year 0000 and the last second of the year 9999.
pub(super) const YEARS: (i64, i64) = (
    days_from_civil(0, 1, 1) * DAY,
    days_from_civil(10_000, 1, 1) * DAY - 1,
);

/// Returns the days from 1970-01-01, for years 0 to 10,000, months 1 to 12 and days 1 to 31.
pub(super) const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Shifted by one era of 400 years, so that nothing is negative.
    let year = year + 400 - (month <= 2) as i64;
    let month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    // 719,468 days from 0000-03-01 to 1970-01-01; 146,097 days in an era.
    year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719_468 - 146_097
}

/// Returns the year, month and day, for days in the years 0 to 9999.
pub(super) const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468 + 146_097;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 - 400 + (month <= 2) as i64;
    (year, month, day)
}

pub(super) const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the seconds since 1970-01-01T00:00:00Z, rounded down. Saturates far outside the years of
/// an HTTP-date.
pub(super) fn unix_seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(error) => {
            let before = error.duration();
            let seconds = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
            -seconds - i64::from(before.subsec_nanos() > 0)
        }
    }
}
