//! HTTP-dates, read and written the long way round (RFC 9110 section 5.6.7).

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// One of the three forms that every recipient has to accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Imf,
    Rfc850,
    Asctime,
}

/// Writes seconds since 1970 in this form.
pub fn write(seconds: i64, form: Form) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let name = DAYS[(days + 4).rem_euclid(7) as usize];
    let short = &name[..3];
    let month = MONTHS[month as usize - 1];
    let time = format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
    match form {
        Form::Imf => format!("{short}, {day:02} {month} {year:04} {time} GMT"),
        Form::Rfc850 => format!(
            "{name}, {day:02}-{month}-{:02} {time} GMT",
            year.rem_euclid(100)
        ),
        Form::Asctime => format!("{short} {month} {day:2} {time} {year:04}"),
    }
}

/// Reads any of the three forms. `now` decides what a year of two digits means.
///
/// It takes the numbers out of the text, and then compares the text with the date written anew.
pub fn read(text: &[u8], now: i64) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let words: Vec<&str> = text
        .split([' ', '-'])
        .filter(|word| !word.is_empty())
        .collect();
    let (form, day, month, year, time) = match words.as_slice() {
        [_, day, month, year, time, "GMT"] if text.contains('-') => {
            (Form::Rfc850, day, month, year, time)
        }
        [_, day, month, year, time, "GMT"] => (Form::Imf, day, month, year, time),
        [_, month, day, time, year] => (Form::Asctime, day, month, year, time),
        _ => return None,
    };
    let month = MONTHS.iter().position(|known| known == month)? as i64 + 1;
    let mut year: i64 = year.parse().ok()?;
    if form == Form::Rfc850 {
        year += civil(now.div_euclid(86_400)).0.div_euclid(100) * 100;
    }
    let clock: Vec<i64> = time
        .split(':')
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    let [hour, minute, second] = clock[..] else {
        return None;
    };
    let day = day.parse().ok()?;
    let at = |year| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    // Section 5.6.7: more than 50 years in the future is the past.
    let fifty_years = {
        let (year, month, day) = civil(now.div_euclid(86_400));
        days(year + 50, month, day) * 86_400 + now.rem_euclid(86_400)
    };
    if form == Form::Rfc850 && at(year) > fifty_years {
        year -= 100;
    }
    let seconds = at(year);
    // A leap second is written as the 60th, and lies where the next minute begins.
    let shown = match second {
        60 => write(seconds - 1, form).replacen(":59 ", ":60 ", 1),
        _ => write(seconds, form),
    };
    let start = |text: &str| text.find([',', ' ']);
    let rest = |text: &str| start(text).map(|at| text[at..].to_owned());
    (start(text).is_some() && rest(text) == rest(&shown)).then_some(seconds)
}

/// Days since 1970 of a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year + later, month, day)
}
