//! Conversions from and to the typed fields of the `headers` crate.

use ::headers::{ETag, Header, IfMatch, IfNoneMatch, IfRange};
use http::HeaderValue;

use super::{EntityTag, InvalidEntityTag};

/// Takes over the bytes of the field.
///
/// # Errors
///
/// Returns an error if the value is not an entity tag. The `headers` crate accepts a blank between
/// the quotes, which RFC 9110 does not.
///
/// ```
/// use headers::ETag;
/// use tower_conditional::EntityTag;
///
/// let typed: ETag = EntityTag::from_version(7).into();
/// let tag = EntityTag::try_from(typed)?;
/// assert_eq!(tag.version::<u64>(), Some(7));
/// # Ok::<(), tower_conditional::etag::InvalidEntityTag>(())
/// ```
impl TryFrom<ETag> for EntityTag {
    type Error = InvalidEntityTag;

    fn try_from(tag: ETag) -> Result<Self, Self::Error> {
        EntityTag::try_from(only_value(&tag))
    }
}

/// Encodes a field that always has one line.
fn only_value(field: &impl Header) -> HeaderValue {
    let mut value = Vec::with_capacity(1);
    field.encode(&mut value);
    value.pop().unwrap_or_else(|| HeaderValue::from_static(""))
}

impl From<EntityTag> for ETag {
    fn from(tag: EntityTag) -> Self {
        let value = HeaderValue::from(tag);
        // The grammar of `headers` has each entity tag of RFC 9110, and some more.
        ETag::decode(&mut std::iter::once(&value)).expect("an entity tag is a typed ETag")
    }
}

macro_rules! from_entity_tag {
    ($($(#[$doc:meta])* $type:ty, $make:expr;)+) => {$(
        $(#[$doc])*
        impl From<EntityTag> for $type {
            fn from(tag: EntityTag) -> Self {
                $make(ETag::from(tag))
            }
        }
    )+};
}

from_entity_tag! {
    /// Makes a list of this tag.
    IfMatch, IfMatch::from;
    /// Makes a list of this tag.
    IfNoneMatch, IfNoneMatch::from;
    IfRange, IfRange::etag;
}
