//! Entity tags (RFC 9110 section 8.8.3): owned, borrowed, and in lists.

mod borrowed;
#[cfg(feature = "digest")]
mod digest;
mod error;
#[cfg(feature = "json")]
mod json;
mod list;
mod owned;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "uuid")]
mod uuid;
mod walk;

#[cfg(feature = "json")]
pub use self::json::UnserializableValue;
pub use self::{
    borrowed::EntityTagRef, error::InvalidEntityTag, list::EntityTags, owned::EntityTag,
};
pub(crate) use self::{
    borrowed::is_etagc,
    list::{Comparison, Lines, Pieces, contains, is_asterisk},
    walk::find_quote,
};
