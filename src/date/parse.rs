//! The three forms of an HTTP-date. Each is case-sensitive and has exactly one space where the
//! grammar has SP. Nothing is trimmed.

use std::time::SystemTime;

use super::calendar::{DAY, YEARS, civil_from_days, days_from_civil, days_in_month, unix_seconds};

/// Returns the seconds since 1970-01-01T00:00:00Z.
#[inline]
pub(crate) fn parse_seconds(bytes: &[u8], now: impl Fn() -> SystemTime) -> Option<i64> {
    match <&[u8; 29]>::try_from(bytes) {
        // No other form has this length: asctime has 24 bytes, RFC 850 has 30 to 33 bytes.
        Ok(bytes) => imf_fixdate(bytes),
        Err(_) => obsolete(bytes, now()),
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`
#[inline]
fn imf_fixdate(b: &[u8; 29]) -> Option<i64> {
    let separated = b[3] == b','
        && b[4] == b' '
        && b[7] == b' '
        && b[11] == b' '
        && b[16] == b' '
        && &b[25..] == b" GMT";
    if !separated || !is_day_name([b[0], b[1], b[2]]) {
        return None;
    }
    let date = date(
        two(b[12], b[13])? * 100 + two(b[14], b[15])?,
        month([b[8], b[9], b[10]])?,
        two(b[5], b[6])?,
    )?;
    let time = time_of_day([b[17], b[18], b[19], b[20], b[21], b[22], b[23], b[24]])?;
    Some(date + time)
}

#[cold]
fn obsolete(bytes: &[u8], now: SystemTime) -> Option<i64> {
    match <&[u8; 24]>::try_from(bytes) {
        Ok(bytes) => asctime(bytes),
        Err(_) => rfc850(bytes, now),
    }
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(b: &[u8; 24]) -> Option<i64> {
    let separated = b[3] == b' ' && b[7] == b' ' && b[10] == b' ' && b[19] == b' ';
    if !separated || !is_day_name([b[0], b[1], b[2]]) {
        return None;
    }
    let tens = if b[8] == b' ' { b'0' } else { b[8] };
    let date = date(
        two(b[20], b[21])? * 100 + two(b[22], b[23])?,
        month([b[4], b[5], b[6]])?,
        two(tens, b[9])?,
    )?;
    let time = time_of_day([b[11], b[12], b[13], b[14], b[15], b[16], b[17], b[18]])?;
    Some(date + time)
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
fn rfc850(bytes: &[u8], now: SystemTime) -> Option<i64> {
    const DAY_NAMES: [&[u8]; 7] = [
        b"Monday",
        b"Tuesday",
        b"Wednesday",
        b"Thursday",
        b"Friday",
        b"Saturday",
        b"Sunday",
    ];
    let rest = DAY_NAMES
        .iter()
        .find_map(|name| bytes.strip_prefix(*name))?;
    let b = <&[u8; 24]>::try_from(rest).ok()?;
    let separated = b.starts_with(b", ")
        && b[4] == b'-'
        && b[8] == b'-'
        && b[11] == b' '
        && b.ends_with(b" GMT");
    if !separated {
        return None;
    }
    let month = month([b[5], b[6], b[7]])?;
    let day = two(b[2], b[3])?;
    let time = time_of_day([b[12], b[13], b[14], b[15], b[16], b[17], b[18], b[19]])?;
    let of = |year| date(year, month, day).map(|date| date + time);

    // The latest year with these digits that is not more than 50 years in the future, compared to
    // the second (RFC 9110 section 5.6.7). If that year has no 29 February, the date is invalid.
    let now = unix_seconds(now).clamp(YEARS.0, YEARS.1);
    let (year, now_month, now_day) = civil_from_days(now.div_euclid(DAY));
    let last_digits = two(b[9], b[10])?;
    let latest = year + 50 - (year + 50 - last_digits).rem_euclid(100);
    if latest == year + 50 {
        let limit = (now_month, now_day, now.rem_euclid(DAY));
        if (month, day, time) > limit {
            return of(latest - 100);
        }
    }
    of(latest)
}

#[inline]
fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    if day == 0 || (day > 28 && day > days_in_month(year, month)) {
        return None;
    }
    Some(days_from_civil(year, month, day) * DAY)
}

/// `08:49:37`. Any minute may have a leap second, because the list of leap seconds is not known
/// here.
#[inline]
fn time_of_day(b: [u8; 8]) -> Option<i64> {
    let [
        hour_1,
        hour_0,
        b':',
        minute_1,
        minute_0,
        b':',
        second_1,
        second_0,
    ] = b
    else {
        return None;
    };
    let hour = two(hour_1, hour_0)?;
    let minute = two(minute_1, minute_0)?;
    let second = two(second_1, second_0)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(hour * 3_600 + minute * 60 + second)
}

#[inline]
fn two(tens: u8, ones: u8) -> Option<i64> {
    let tens = tens.wrapping_sub(b'0');
    let ones = ones.wrapping_sub(b'0');
    if tens > 9 || ones > 9 {
        return None;
    }
    Some(i64::from(tens * 10 + ones))
}

/// Any day-name is accepted, even if it does not fit the date. The rest of the date is unambiguous,
/// and an ignored date would not guard a write.
#[inline]
fn is_day_name(name: [u8; 3]) -> bool {
    matches!(
        &name,
        b"Mon" | b"Tue" | b"Wed" | b"Thu" | b"Fri" | b"Sat" | b"Sun"
    )
}

#[inline]
fn month(name: [u8; 3]) -> Option<i64> {
    Some(match &name {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    })
}
