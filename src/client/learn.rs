//! How a response changes what is stored about its resource.
//!
//! [`learn`] is a pure function: the stored entry and an [`Observation`] make the new entry. The
//! third argument is the entry as it was when the request was sent, which shows what other
//! responses have changed since. The arms of `learn` are the rows of this table, in the same order:
//!
//! | observation | condition | representations | rejection |
//! |---|---|---|---|
//! | [`Get`](Observation::Get) with a tag | | this is the newest | ends |
//! | `Get` without a tag | rejected since | stay | stays |
//! | | its tag has changed since | stay | stays |
//! | | otherwise | its tag is removed, its date is kept | ends |
//! | [`Head`](Observation::Head) with a tag | its field tag is the same | stay | ends |
//! | | otherwise | this is the newest | ends |
//! | `Head` without a tag | rejected, or a tag of it is stored, or it has no date | stay | stays |
//! | | otherwise | this is the newest, with its date | stays |
//! | [`Body`](Observation::Body), and a tag in the field | its field tag is the same | this replaces it | stays |
//! | | otherwise | stay | stays |
//! | `Body`, and no tag in the field | rejected since | stay | stays |
//! | | a field tag of it is stored, and its tag has changed since | stay | stays |
//! | | otherwise | this is the newest | ends |
//! | [`Confirmed`](Observation::Confirmed) | | stay | stays |
//! | [`Written`](Observation::Written) with a tag | | this is the only one | ends |
//! | `Written` without a tag | | removed | stays |
//! | [`Missing`](Observation::Missing) | rejected since | removed | stays |
//! | | otherwise | removed | ends |
//! | [`Gone`](Observation::Gone) | | removed | stays |
//! | [`Rejected`](Observation::Rejected) | | removed | begins |
//!
//! "This" is the representation that was observed, and "its tag" the one that is stored for the
//! same selecting fields. "Since" means since the request was sent.
//!
//! # Safety
//!
//! The layer sends an unguarded write only if the entry has neither a tag nor a rejection. After a
//! rejection only `Get` without a tag and `Missing` can leave such an entry, and both only if the
//! request was sent after the 412. In all other rows where a rejection ends, a tag takes its place.
//!
//! In doubt a tag stays. If it is stale the server answers 412, and nothing is lost.

use super::{
    ServerTag,
    store::{RejectionMark, StoreEntry, StoreVariant},
};

/// What a response says about a resource.
#[derive(Clone, Debug)]
pub(super) enum Observation {
    /// A response to GET shows a tag in its fields, or was seen as a whole and has no tag.
    Get(StoreVariant),
    /// A response shows its fields only. If there is no tag in them, there may be one elsewhere.
    Head(StoreVariant),
    /// The body of a response was read to its end, and has this tag.
    Body(StoreVariant, ServerTag),
    /// A 304 confirms the stored representation.
    Confirmed,
    /// A write succeeded. The variant is the new representation, if the response describes it.
    Written(Option<StoreVariant>),
    /// A GET found no resource.
    Missing,
    /// Another method found no resource.
    Gone,
    /// A precondition that names a state of the resource was false.
    Rejected(RejectionMark),
}

/// What happens to the stored representations.
enum Variants {
    Stay,
    Insert(StoreVariant),
    Replace(StoreVariant),
    Only(StoreVariant),
    Removed,
}

/// What happens to the stored rejection.
enum Mark {
    Stays,
    Ends,
    Begins(RejectionMark),
}

/// Returns the new entry. See the [module docs](self).
pub(super) fn learn(stored: StoreEntry, seen: Observation, before: &StoreEntry) -> StoreEntry {
    use self::{
        Mark::{Begins, Ends, Stays},
        Observation as Seen,
        Variants::{Insert, Only, Removed, Replace, Stay},
    };
    let rejected = stored.is_rejected();
    let rejected_since = rejected && stored.rejection() != before.rejection();
    let has_tag = |new: &StoreVariant| new.validators().tag().is_some();
    let has_field_tag = |new: &StoreVariant| new.validators().field_tag().is_some();
    let same_field_tag = |new: &StoreVariant| {
        has_field_tag(new) && stored.field_tag_of(new) == new.validators().field_tag()
    };
    let changed_since = |new: &StoreVariant| stored.tag_of(new) != before.tag_of(new);

    let (variants, mark) = match seen {
        Seen::Get(new) if has_tag(&new) => (Insert(new), Ends),
        Seen::Get(_) if rejected_since => (Stay, Stays),
        Seen::Get(new) if changed_since(&new) => (Stay, Stays),
        Seen::Get(new) => (Insert(new), Ends),

        Seen::Head(new) if same_field_tag(&new) => (Stay, Ends),
        Seen::Head(new) if has_tag(&new) => (Insert(new), Ends),
        Seen::Head(new)
            if rejected || stored.tag_of(&new).is_some() || new.validators().is_empty() =>
        {
            (Stay, Stays)
        }
        Seen::Head(new) => (Insert(new), Stays),

        Seen::Body(new, tag) if same_field_tag(&new) => (Replace(new.with_body_tag(tag)), Stays),
        Seen::Body(new, _) if has_field_tag(&new) => (Stay, Stays),
        Seen::Body(_, _) if rejected_since => (Stay, Stays),
        Seen::Body(new, _) if stored.field_tag_of(&new).is_some() && changed_since(&new) => {
            (Stay, Stays)
        }
        Seen::Body(new, tag) => (Insert(new.with_body_tag(tag)), Ends),

        Seen::Confirmed => (Stay, Stays),

        Seen::Written(Some(new)) if has_tag(&new) => (Only(new), Ends),
        Seen::Written(_) => (Removed, Stays),

        Seen::Missing if rejected_since => (Removed, Stays),
        Seen::Missing => (Removed, Ends),
        Seen::Gone => (Removed, Stays),

        Seen::Rejected(mark) => (Removed, Begins(mark)),
    };
    apply(stored, variants, mark)
}

fn apply(mut entry: StoreEntry, variants: Variants, mark: Mark) -> StoreEntry {
    match mark {
        Mark::Stays => {}
        Mark::Ends => entry.set_rejection(None),
        Mark::Begins(mark) => entry.set_rejection(Some(mark)),
    }
    match variants {
        Variants::Stay => {}
        Variants::Insert(new) if new.validators().is_empty() => entry.remove(&new),
        Variants::Insert(new) => entry.insert(new),
        Variants::Replace(new) => entry.replace(new),
        Variants::Only(new) => {
            entry.remove_all();
            entry.insert(new);
        }
        Variants::Removed => entry.remove_all(),
    }
    entry
}

#[cfg(test)]
mod tests;
