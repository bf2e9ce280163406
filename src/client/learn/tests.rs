//! Entries are written as in `json[A+X] html[date] !1`: the field tag `A` and the body tag `X` of
//! one representation, the date of another, and a rejection. `~1` is the hold of a tag.

use http::{HeaderValue, header::ACCEPT};

use super::*;
use crate::client::KnownValidators;

const KNOWN: [&str; 9] = ["", "date", "A", "B", "A+X", "A+Y", "B+X", "X", "Y"];
const SHOWN: [&str; 4] = ["", "date", "A", "B"];
const HOLDS: [&str; 5] = ["", " ~1", " ~2", " !1", " !2"];
/// The id of a hold that begins.
const FRESH: u64 = 3;

fn tag(text: &str) -> ServerTag {
    ServerTag::new(text.parse().unwrap()).unwrap()
}

fn variant(media_type: &str, known: &str) -> StoreVariant {
    let mut validators = KnownValidators::new();
    for part in known.split('+') {
        validators = match part {
            "" => validators,
            "date" => {
                let mut fields = http::HeaderMap::new();
                let date = HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT");
                fields.insert(http::header::LAST_MODIFIED, date);
                let date = KnownValidators::from_fields(&fields).last_modified();
                validators.with_last_modified(date.unwrap())
            }
            "A" | "B" => validators.with_field_tag(tag(part)),
            "X" | "Y" => validators.with_body_tag(tag(part)),
            _ => panic!("{part}"),
        };
    }
    StoreVariant::new(validators).with_selecting(ACCEPT, Some(media_type.parse().unwrap()))
}

/// The representation that is observed.
fn json(known: &str) -> StoreVariant {
    variant("json", known)
}

fn entry(text: &str) -> StoreEntry {
    let mut entry = StoreEntry::new();
    // The newest comes first.
    for part in text.split_whitespace().rev() {
        if let Some(number) = part.strip_prefix(['!', '~']) {
            let hold = Hold::new(number.parse().unwrap(), part.starts_with('!'));
            entry.set_hold(Some(hold));
        } else {
            let (media_type, known) = part.strip_suffix(']').unwrap().split_once('[').unwrap();
            if !known.is_empty() {
                entry.insert(variant(media_type, known));
            }
        }
    }
    entry
}

fn text(entry: &StoreEntry) -> String {
    let mut parts = Vec::new();
    for variant in entry.variants() {
        let (media_type, known) = (&variant.selecting().unwrap()[0].1, variant.validators());
        let tags = [known.field_tag(), known.body_tag()].into_iter().flatten();
        let mut known_parts: Vec<_> = tags.map(ToString::to_string).collect();
        known_parts.extend(known.last_modified().map(|_| "date".to_owned()));
        let media_type = media_type.as_ref().unwrap().to_str().unwrap();
        parts.push(format!("{media_type}[{}]", known_parts.join("+")));
    }
    if let Some(hold) = entry.hold() {
        let kind = if hold.is_rejection() { '!' } else { '~' };
        parts.push(format!("{kind}{}", hold.id()));
    }
    parts.join(" ")
}

fn observations() -> Vec<Observation> {
    let mut all = vec![
        Observation::Confirmed,
        Observation::Written(None),
        Observation::Missing,
        Observation::Gone,
        Observation::Rejected(Hold::new(FRESH, true)),
    ];
    for shown in SHOWN {
        all.push(Observation::Get(json(shown)));
        all.push(Observation::Head(json(shown)));
        all.push(Observation::Written(Some(json(shown))));
        for found in ["X", "Y"] {
            all.push(Observation::Body(json(shown), tag(found)));
        }
    }
    all
}

/// Calls `check` with each stored entry, observation, entry before, and the new entry.
fn product(check: impl Fn(&StoreEntry, &Observation, &StoreEntry, &StoreEntry)) {
    for hold in HOLDS {
        for known in KNOWN {
            for other in ["", "html[B]"] {
                let stored = entry(&format!("json[{known}] {other}{hold}"));
                for hold in HOLDS {
                    for known in KNOWN {
                        let before = entry(&format!("json[{known}]{hold}"));
                        for seen in observations() {
                            let new = learn(stored.clone(), seen.clone(), &before, FRESH);
                            check(&stored, &seen, &before, &new);
                        }
                    }
                }
            }
        }
    }
}

/// The layer sends a write without a precondition.
fn is_unguarded(entry: &StoreEntry) -> bool {
    !entry.has_tag() && entry.hold().is_none()
}

/// A GET that shows that there is no tag, or no resource.
fn shows_that_nothing_guards(seen: &Observation) -> bool {
    match seen {
        Observation::Get(new) => new.validators().tag().is_none(),
        Observation::Missing => true,
        _ => false,
    }
}

#[test]
fn only_a_later_get_that_finds_no_tag_or_no_resource_unguards_a_write() {
    product(|stored, seen, before, new| {
        if !is_unguarded(stored) && is_unguarded(new) {
            assert!(shows_that_nothing_guards(seen), "{seen:?}");
            let later = stored.hold().is_none() || stored.hold() == before.hold();
            assert!(later, "{seen:?}");
        }
    });
}

#[test]
fn a_hold_ends_with_such_a_get_only() {
    product(|stored, seen, before, new| {
        if stored.hold().is_some() && new.hold().is_none() {
            assert!(shows_that_nothing_guards(seen), "{seen:?}");
            assert_eq!(stored.hold(), before.hold());
            assert!(!new.has_tag());
        }
    });
}

#[test]
fn a_rejection_ends_with_a_tag_or_with_such_a_get() {
    product(|stored, seen, before, new| {
        if stored.is_rejected() && !new.is_rejected() {
            assert!(new.has_tag() || new.hold().is_none(), "{seen:?}");
        }
        // The tag in the body of an earlier GET may be the one that was rejected.
        let ends = stored.is_rejected() && !new.is_rejected();
        if let (Observation::Body(..), true) = (seen, ends) {
            assert_eq!(stored.hold(), before.hold());
        }
    });
}

#[test]
fn a_rejection_begins_with_a_412_only() {
    product(|stored, seen, _, new| match seen {
        Observation::Rejected(_) => assert_eq!(text(new), "!3"),
        _ if new.is_rejected() => assert_eq!(new.hold(), stored.hold()),
        _ => {}
    });
}

#[test]
fn a_resource_that_has_or_had_a_tag_is_held() {
    product(|stored, seen, _, new| {
        let learned = !stored.has_tag() && new.has_tag();
        let lost = stored.has_tag() && !new.has_tag() && !shows_that_nothing_guards(seen);
        if learned || lost {
            assert!(new.hold().is_some(), "{stored:?} {seen:?}");
        }
    });
}

/// A GET that was sent before the tag was lost does not end the hold.
#[test]
fn a_hold_begins_anew_when_the_tag_is_lost() {
    product(|stored, seen, _, new| {
        let lost = matches!(seen, Observation::Written(_) | Observation::Gone) && !new.has_tag();
        if lost && stored.hold().is_some() && !stored.is_rejected() {
            assert_eq!(new.hold().map(Hold::id), Some(FRESH));
        }
    });
}

#[test]
fn a_tag_is_lost_only_to_what_shows_that_it_is_wrong() {
    product(|stored, seen, before, new| {
        if stored.has_tag() && !new.has_tag() {
            match seen {
                Observation::Get(now) => {
                    assert_eq!(stored.tag_of(now), before.tag_of(now), "not changed since");
                }
                Observation::Written(_)
                | Observation::Missing
                | Observation::Gone
                | Observation::Rejected(_) => assert!(new.variants().is_empty()),
                Observation::Head(_) | Observation::Body(..) | Observation::Confirmed => {
                    panic!("{seen:?}");
                }
            }
        }
    });
}

#[test]
fn other_representations_stay_or_all_are_removed() {
    product(|stored, seen, _, new| {
        let html = variant("html", "");
        match seen {
            Observation::Get(_)
            | Observation::Head(_)
            | Observation::Body(..)
            | Observation::Confirmed => assert_eq!(stored.tag_of(&html), new.tag_of(&html)),
            _ => assert_eq!(new.tag_of(&html), None),
        }
    });
}

#[test]
fn the_same_observation_teaches_nothing_more() {
    product(|_, seen, before, new| {
        let again = learn(new.clone(), seen.clone(), before, FRESH);
        assert_eq!(text(&again), text(new), "{seen:?}");
    });
}

#[test]
fn nothing_is_stored_that_is_empty() {
    product(|_, seen, _, new| {
        let empty = |variant: &StoreVariant| variant.validators().is_empty();
        assert!(!new.variants().iter().any(empty), "{seen:?}");
    });
}

mod table;
