//! Entity tags (RFC 9110 section 8.8.3): owned, borrowed, and in lists.

mod borrowed;
mod error;
mod list;
mod owned;
mod walk;

pub use self::{
    borrowed::EntityTagRef, error::InvalidEntityTag, list::EntityTags, owned::EntityTag,
};
pub(crate) use self::{
    borrowed::is_etagc,
    list::{Comparison, Lines, Pieces, contains, is_asterisk},
};
