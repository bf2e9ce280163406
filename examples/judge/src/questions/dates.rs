//! Section 5.6.7, HTTP-dates; sections 13.1.3 and 13.1.4, the preconditions with dates.

use super::{
    Need::{Date, Since},
    Question, get,
};

pub(super) const QUESTIONS: &[Question] = &[
    get(
        "since-same",
        "13.1.3",
        "If-Modified-Since with the date of Last-Modified is answered 304",
        &[("If-Modified-Since", "{date}")],
    )
    .should(),
    get(
        "since-after",
        "13.1.3",
        "If-Modified-Since with a later date is answered 304",
        &[("If-Modified-Since", "{after}")],
    )
    .should(),
    get(
        "since-before",
        "13.1.3",
        "If-Modified-Since with an earlier date is answered in full",
        &[("If-Modified-Since", "{before}")],
    ),
    get(
        "since-rfc850",
        "5.6.7",
        "A date in the form of RFC 850 is read",
        &[("If-Modified-Since", "{date850}")],
    )
    .needs(&[Since]),
    get(
        "since-asctime",
        "5.6.7",
        "A date in the form of asctime is read",
        &[("If-Modified-Since", "{dateasc}")],
    )
    .needs(&[Since]),
    get(
        "since-two-digits",
        "5.6.7",
        "A year of two digits, more than 50 years ahead, is past",
        &[("If-Modified-Since", "{past850}")],
    ),
    get(
        "since-garbage",
        "13.1.3",
        "If-Modified-Since without a date is ignored",
        &[("If-Modified-Since", "yesterday")],
    )
    .also(&[400])
    .needs(&[Date]),
    get(
        "since-iso",
        "13.1.3",
        "A date of ISO 8601 is no HTTP-date",
        &[("If-Modified-Since", "2037-01-01T00:00:00Z")],
    )
    .also(&[400])
    .needs(&[Date]),
    get(
        "since-no-day",
        "13.1.3",
        "A date that no month has is no HTTP-date",
        &[("If-Modified-Since", "Sat, 31 Feb 2037 00:00:00 GMT")],
    )
    .harm()
    .needs(&[Date]),
    get(
        "since-number",
        "13.1.3",
        "A number is no HTTP-date",
        &[("If-Modified-Since", "99999999999")],
    )
    .also(&[400])
    .needs(&[Date]),
    get(
        "since-empty",
        "13.1.3",
        "An empty If-Modified-Since is ignored",
        &[("If-Modified-Since", "")],
    )
    .also(&[400])
    .needs(&[Date]),
    get(
        "since-twice",
        "13.1.3",
        "Two lines of If-Modified-Since are ignored",
        &[
            ("If-Modified-Since", "{before}"),
            ("If-Modified-Since", "{date}"),
        ],
    )
    .harm(),
    get(
        "since-head",
        "13.1.3",
        "If-Modified-Since is evaluated for HEAD",
        &[("If-Modified-Since", "{date}")],
    )
    .method("HEAD")
    .should(),
    get(
        "unmodified-same",
        "13.1.4",
        "If-Unmodified-Since with the date of Last-Modified is true",
        &[("If-Unmodified-Since", "{date}")],
    ),
    get(
        "unmodified-after",
        "13.1.4",
        "If-Unmodified-Since with a later date is true",
        &[("If-Unmodified-Since", "{after}")],
    ),
    get(
        "unmodified-before",
        "13.1.4",
        "If-Unmodified-Since with an earlier date is answered 412",
        &[("If-Unmodified-Since", "{before}")],
    ),
    get(
        "unmodified-rfc850",
        "5.6.7",
        "If-Unmodified-Since reads the form of RFC 850",
        &[("If-Unmodified-Since", "{before850}")],
    ),
    get(
        "unmodified-asctime",
        "5.6.7",
        "If-Unmodified-Since reads the form of asctime",
        &[("If-Unmodified-Since", "{beforeasc}")],
    ),
    get(
        "unmodified-garbage",
        "13.1.4",
        "If-Unmodified-Since without a date is ignored",
        &[("If-Unmodified-Since", "yesterday")],
    )
    .also(&[400])
    .needs(&[Date]),
    get(
        "unmodified-leap",
        "5.6.7",
        "A leap second is a date",
        &[("If-Unmodified-Since", "Sat, 30 Jun 1990 23:59:60 GMT")],
    )
    .harm()
    .needs(&[Date]),
    get(
        "unmodified-spaces",
        "5.6.3",
        "Whitespace around a date does not count",
        &[("If-Unmodified-Since", "  {before}  ")],
    ),
];
