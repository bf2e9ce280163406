//! HTTP-dates: what is written is read, in all three forms.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use proptest::prelude::*;
use tower_conditional::HttpDate;

use crate::{
    arbitrary::{SECONDS, clock, date, line, seconds},
    config,
};

const DAY_NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [(&str, u32); 12] = [
    ("Jan", 31),
    ("Feb", 28),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];

/// Counts through ten thousand years with a calendar on the wall.
#[test]
fn every_day_is_written_and_read() {
    let mut seconds = *SECONDS.start();
    // 0000-01-01 was a Saturday.
    let mut day_name = 5;
    for year in 0..10_000 {
        let leap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0;
        for (month, days) in MONTHS {
            let days = days + u32::from(leap && month == "Feb");
            let tail = format!(" {month} {year:04} 23:59:59 GMT");
            for day in 1..=days {
                let last_second = seconds + 86_399;
                let date = HttpDate::from_unix_seconds(last_second).expect("a year to 9999");
                let text = date.as_str();
                assert_eq!(&text[..3], DAY_NAMES[day_name], "{text}");
                assert_eq!(text[5..7].parse(), Ok(day), "{text}");
                assert_eq!(&text[7..], tail);
                let read = HttpDate::parse(text.as_bytes(), UNIX_EPOCH);
                assert_eq!(read.map(|date| date.unix_seconds()), Ok(last_second));
                seconds += 86_400;
                day_name = (day_name + 1) % 7;
            }
        }
    }
    assert_eq!(seconds, SECONDS.end() + 1);
}

#[test]
fn each_separator_must_be_there() {
    for text in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov 06 08:49:37 1994",
    ] {
        HttpDate::parse(text.as_bytes(), UNIX_EPOCH).expect("one of the three forms");
        for at in (0..text.len()).filter(|at| !text.as_bytes()[*at].is_ascii_alphanumeric()) {
            for byte in *b" ,-:0x" {
                let mut changed = text.as_bytes().to_vec();
                changed[at] = byte;
                let read = HttpDate::parse(&changed, UNIX_EPOCH);
                let same = changed == text.as_bytes();
                assert_eq!(read.is_ok(), same, "{}", changed.escape_ascii());
            }
        }
    }
}

#[test]
fn an_error_says_what_was_expected() {
    let form = HttpDate::parse(b"yesterday", UNIX_EPOCH).map_err(|error| error.to_string());
    assert_eq!(
        form,
        Err("invalid HTTP-date: expected an IMF-fixdate, RFC 850 or asctime date".into())
    );
    let year = HttpDate::from_unix_seconds(SECONDS.end() + 1).map_err(|error| error.to_string());
    assert_eq!(
        year,
        Err("invalid HTTP-date: expected a year from 0000 to 9999".into())
    );
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn asctime(date: &HttpDate) -> String {
    let text = date.as_str();
    let day: u32 = text[5..7].parse().expect("two digits");
    let (day_name, month, time, year) = (&text[..3], &text[8..11], &text[17..25], &text[12..16]);
    format!("{day_name} {month} {day:>2} {time} {year}")
}

fn rfc850(date: &HttpDate) -> String {
    let text = date.as_str();
    let rest = match &text[..3] {
        "Tue" => "sday",
        "Wed" => "nesday",
        "Thu" => "rsday",
        "Sat" => "urday",
        _ => "day",
    };
    let (day, month, year) = (&text[5..7], &text[8..11], &text[14..16]);
    format!("{}{rest}, {day}-{month}-{year}{}", &text[..3], &text[16..])
}

fn year(date: &HttpDate) -> i64 {
    date.as_str()[12..16].parse().expect("four digits")
}

/// What orders dates within a year: the month, then the day and the time of day.
fn within_year(date: &HttpDate) -> (Option<usize>, &str, &str) {
    let text = date.as_str();
    let month = MONTHS.iter().position(|(name, _)| *name == &text[8..11]);
    (month, &text[5..7], &text[17..25])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_second_is_written_and_read(seconds in seconds(), now in clock()) {
        let date = HttpDate::from_unix_seconds(seconds).expect("a year to 9999");
        prop_assert_eq!(date.unix_seconds(), seconds);
        prop_assert_eq!(HttpDate::parse(date.as_bytes(), now), Ok(date));
        let time = SystemTime::try_from(date).expect("within the clock's reach");
        prop_assert_eq!(HttpDate::try_from(time), Ok(date));
    }

    #[test]
    fn a_time_outside_of_the_years_is_refused(seconds: i64, time in clock()) {
        let date = HttpDate::from_unix_seconds(seconds);
        prop_assert_eq!(date.is_ok(), SECONDS.contains(&seconds));
        if let Ok(date) = HttpDate::try_from(time) {
            let back = SystemTime::try_from(date).expect("within the clock's reach");
            let cut_off = time.duration_since(back).expect("towards the past");
            prop_assert!(cut_off < Duration::from_secs(1));
        }
    }

    #[test]
    fn dates_are_compared_as_their_seconds_are(one in seconds(), other in seconds(), near in -1_i64..=1) {
        let date = |seconds| HttpDate::from_unix_seconds(seconds).expect("a year to 9999");
        for other in [other, (one + near).clamp(*SECONDS.start(), *SECONDS.end())] {
            prop_assert_eq!(date(one) == date(other), one == other);
            prop_assert_eq!(date(one).partial_cmp(&date(other)), Some(one.cmp(&other)));
            prop_assert_eq!(hash(date(one)) == hash(date(other)), one == other);
        }
    }

    #[test]
    fn a_date_is_strong_once_its_second_is_over(seconds in seconds(), nanos in 0_u64..1_000_000_000) {
        let date = HttpDate::from_unix_seconds(seconds).expect("a year to 9999");
        let begin = SystemTime::try_from(date).expect("within the clock's reach");
        prop_assert!(!date.is_strong(begin - Duration::from_nanos(nanos)));
        prop_assert!(!date.is_strong(begin + Duration::from_nanos(nanos)));
        prop_assert!(date.is_strong(begin + Duration::from_secs(1)));
        prop_assert!(date.is_strong(begin + Duration::from_secs(1) + Duration::from_nanos(nanos)));
    }

    #[test]
    fn httpdate_writes_and_reads_the_same(seconds in 0_u64..=253_402_300_799) {
        let time = UNIX_EPOCH + Duration::from_secs(seconds);
        let date = HttpDate::try_from(time).expect("a year to 9999");
        prop_assert_eq!(date.as_str(), httpdate::fmt_http_date(time));
        let read = httpdate::parse_http_date(&asctime(&date)).expect("an asctime date");
        prop_assert_eq!(read, time);
    }

    /// Where both accept: `httpdate` refuses more.
    #[test]
    fn a_changed_byte_is_read_as_httpdate_reads_it(
        date in date(),
        at in 0_usize..29,
        byte in prop_oneof![b'0'..=b'9', b' '..=b'~'],
        asc: bool,
    ) {
        let mut text = if asc { asctime(&date) } else { date.to_string() }.into_bytes();
        let at = at % text.len();
        text[at] = byte;
        let theirs = httpdate::parse_http_date(std::str::from_utf8(&text).expect("ASCII"));
        if let Ok(theirs) = theirs {
            let ours = HttpDate::parse(&text, UNIX_EPOCH).expect("what httpdate accepts");
            prop_assert_eq!(SystemTime::try_from(ours), Ok(theirs));
        }
    }

    #[test]
    fn asctime_is_the_same_date(date in date(), now in clock()) {
        prop_assert_eq!(HttpDate::parse(asctime(&date).as_bytes(), now), Ok(date));
    }

    #[test]
    fn rfc850_is_the_same_date_within_fifty_years(
        now in 1_577_836_800_i64..4_102_444_800,
        distance in -1_500_000_000_i64..=1_500_000_000,
    ) {
        let date = HttpDate::from_unix_seconds(now + distance).expect("a year to 9999");
        let now = UNIX_EPOCH + Duration::from_secs(now.unsigned_abs());
        prop_assert_eq!(HttpDate::parse(rfc850(&date).as_bytes(), now), Ok(date));
    }

    /// The latest year with these digits that is not more than 50 years in the future.
    #[test]
    fn rfc850_years_are_relative_to_now(
        date in date(),
        now in -59_000_000_000_i64..250_000_000_000,
    ) {
        let now = HttpDate::from_unix_seconds(now).expect("a year to 9999");
        let clock = SystemTime::try_from(now).expect("within the clock's reach");
        // 29 February does not exist in every such year.
        if let Ok(read) = HttpDate::parse(rfc850(&date).as_bytes(), clock) {
            let limit = (year(&now) + 50, within_year(&now));
            prop_assert_eq!(year(&read).rem_euclid(100), year(&date).rem_euclid(100));
            prop_assert_eq!(within_year(&read), within_year(&date));
            prop_assert!((year(&read), within_year(&read)) <= limit);
            prop_assert!((year(&read) + 100, within_year(&read)) > limit);
        } else {
            prop_assert_eq!(&date.as_str()[5..11], "29 Feb");
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        bytes in prop_oneof![any::<Vec<u8>>(), line()],
        now in clock(),
    ) {
        if let Ok(date) = HttpDate::parse(&bytes, now) {
            prop_assert_eq!(HttpDate::parse(date.as_bytes(), now), Ok(date));
        }
    }
}
