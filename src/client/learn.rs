//! How a response changes what is stored about its resource.
//!
//! [`learn`] is a pure function: the stored entry and an [`Observation`] make the new entry. The
//! third argument is the entry as it was when the request was sent, which shows what other
//! responses have changed since. Both are one user's view: the hold is the one that all users share,
//! unless it was released for this user. The arms of `learn` are the rows of this table, in the same
//! order:
//!
//! | observation | condition | representations | hold |
//! |---|---|---|---|
//! | [`Get`](Observation::Get) with a tag | | this is the newest | tagged |
//! | `Get` without a tag | another hold began since | stay | stays |
//! | | its tag has changed since | stay | stays |
//! | | a tag of another representation is stored | its tag is removed, its date is kept | stays |
//! | | otherwise | its tag is removed, its date is kept | released |
//! | [`Head`](Observation::Head) with a tag | its field tag is the same | stay | tagged |
//! | | otherwise | this is the newest | tagged |
//! | `Head` without a tag | rejected, or a tag of it is stored, or it has no date | stay | stays |
//! | | otherwise | this is the newest, with its date | stays |
//! | [`Body`](Observation::Body), and a tag in the field | its field tag is the same | this replaces it | stays |
//! | | otherwise | stay | stays |
//! | `Body`, and no tag in the field | rejected since | stay | stays |
//! | | a field tag of it is stored, and its tag has changed since | stay | stays |
//! | | otherwise | this is the newest | tagged |
//! | [`Confirmed`](Observation::Confirmed) | | stay | stays |
//! | [`Written`](Observation::Written) with a tag | | this is the only one | tagged |
//! | `Written` without a tag | | removed | lost |
//! | [`Missing`](Observation::Missing) | another hold began since | removed | stays |
//! | | otherwise | removed | released |
//! | [`Gone`](Observation::Gone) | | removed | lost |
//! | [`Rejected`](Observation::Rejected) | | removed | this rejection |
//!
//! "This" is the representation that was observed, and "its tag" the one that is stored for the
//! same selecting fields. "Since" means since the request was sent.
//!
//! | hold | a rejection becomes | a hold of a tag becomes | no hold becomes |
//! |---|---|---|---|
//! | tagged | a hold of a tag | the same | a hold of a tag |
//! | lost | the same | another hold of a tag | a hold of a tag if a tag was stored, or else none |
//! | released | none, for this user | none, for this user | none |
//!
//! # Safety
//!
//! The layer sends an unguarded write only if the entry has neither a tag nor a hold. Only `Get`
//! without a tag and `Missing` release a hold, and both only if the request was sent after it began.
//! In all other rows a hold stays, or another takes its place.
//!
//! In doubt a tag stays. If it is stale the server answers 412, and nothing is lost.

use super::{
    ServerTag,
    store::{Hold, StoreEntry, StoreVariant},
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
    Rejected(Hold),
}

/// What happens to the stored representations.
enum Variants {
    Stay,
    Insert(StoreVariant),
    Replace(StoreVariant),
    Only(StoreVariant),
    Removed,
}

/// What happens to the hold.
enum Change {
    Stays,
    Tagged,
    Lost,
    Released,
    Begins(Hold),
}

/// Returns the new entry. See the [module docs](self).
///
/// `fresh` is the id of the hold that begins if a tag is learned, or is lost.
pub(super) fn learn(
    stored: StoreEntry,
    seen: Observation,
    before: &StoreEntry,
    fresh: u64,
) -> StoreEntry {
    use self::{
        Change::{Begins, Lost, Released, Stays, Tagged},
        Observation as Seen,
        Variants::{Insert, Only, Removed, Replace, Stay},
    };
    let rejected = stored.is_rejected();
    let held_since = stored.hold().is_some() && stored.hold() != before.hold();
    let rejected_since = rejected && held_since;
    let has_tag = |new: &StoreVariant| new.validators().tag().is_some();
    let has_field_tag = |new: &StoreVariant| new.validators().field_tag().is_some();
    let same_field_tag = |new: &StoreVariant| {
        has_field_tag(new) && stored.field_tag_of(new) == new.validators().field_tag()
    };
    let changed_since = |new: &StoreVariant| stored.tag_of(new) != before.tag_of(new);

    let (variants, change) = match seen {
        Seen::Get(new) if has_tag(&new) => (Insert(new), Tagged),
        Seen::Get(_) if held_since => (Stay, Stays),
        Seen::Get(new) if changed_since(&new) => (Stay, Stays),
        Seen::Get(new) if stored.has_tag_beside(&new) => (Insert(new), Stays),
        Seen::Get(new) => (Insert(new), Released),

        Seen::Head(new) if same_field_tag(&new) => (Stay, Tagged),
        Seen::Head(new) if has_tag(&new) => (Insert(new), Tagged),
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
        Seen::Body(new, tag) => (Insert(new.with_body_tag(tag)), Tagged),

        Seen::Confirmed => (Stay, Stays),

        Seen::Written(Some(new)) if has_tag(&new) => (Only(new), Tagged),
        Seen::Written(_) => (Removed, Lost),

        Seen::Missing if held_since => (Removed, Stays),
        Seen::Missing => (Removed, Released),
        Seen::Gone => (Removed, Lost),

        Seen::Rejected(hold) => (Removed, Begins(hold)),
    };
    apply(stored, variants, change, fresh)
}

fn apply(mut entry: StoreEntry, variants: Variants, change: Change, fresh: u64) -> StoreEntry {
    let tagged = Some(Hold::new(fresh, false));
    let hold = match (entry.hold(), change) {
        (_, Change::Begins(hold)) => Some(hold),
        (_, Change::Released) => None,
        (hold, Change::Stays) => hold,
        (Some(hold), Change::Tagged) if !hold.is_rejection() => Some(hold),
        (_, Change::Tagged) => tagged,
        (Some(hold), Change::Lost) if hold.is_rejection() => Some(hold),
        // A GET that was sent before does not show that the tags have ended.
        (Some(_), Change::Lost) => tagged,
        (None, Change::Lost) => tagged.filter(|_| entry.has_tag()),
    };
    entry.set_hold(hold);
    match variants {
        Variants::Stay => {}
        Variants::Insert(new) if new.validators().is_empty() => entry.remove(&new),
        Variants::Insert(new) => entry.insert(new),
        Variants::Replace(new) => entry.replace(new),
        Variants::Only(new) if matches!(entry.variants(), [only] if *only == new) => {}
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
