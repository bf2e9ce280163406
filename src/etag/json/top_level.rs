//! The outermost value: `serde_json`'s serializer, and whether the value has fields.
//!
//! A formatter cannot distinguish a map from an enum variant with data, since both are objects. The
//! name of a variant is not a field, so it must not be left out.

use serde::{Serialize, ser};
use serde_json::{Error, Serializer};

use super::{
    canonical::{Canonical, Keep},
    error::JsonTagError,
};

/// Returns the canonical JSON of a value, with those of its fields that are kept.
pub(super) fn canonical_json(
    value: &(impl Serialize + ?Sized),
    keep: &Keep<'_>,
) -> Result<Vec<u8>, JsonTagError> {
    let canonical = Canonical::new(keep);
    let top_level = TopLevel {
        inner: &mut Serializer::with_formatter(&canonical, &canonical),
        canonical: &canonical,
    };
    value
        .serialize(top_level)
        .map_err(|error| JsonTagError::new(&error))?;
    Ok(canonical.into_bytes())
}

type Inner<'a> = &'a mut Serializer<&'a Canonical<'a>, &'a Canonical<'a>>;

struct TopLevel<'a> {
    inner: Inner<'a>,
    canonical: &'a Canonical<'a>,
}

macro_rules! pass_on {
    ($($method:ident($($argument:ident: $type:ty),*) -> $ok:ty;)*) => {$(
        fn $method(self, $($argument: $type),*) -> Result<$ok, Error> {
            self.inner.$method($($argument),*)
        }
    )*};
}

impl<'a> ser::Serializer for TopLevel<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = <Inner<'a> as ser::Serializer>::SerializeSeq;
    type SerializeTuple = <Inner<'a> as ser::Serializer>::SerializeTuple;
    type SerializeTupleStruct = <Inner<'a> as ser::Serializer>::SerializeTupleStruct;
    type SerializeTupleVariant = <Inner<'a> as ser::Serializer>::SerializeTupleVariant;
    type SerializeMap = <Inner<'a> as ser::Serializer>::SerializeMap;
    type SerializeStruct = <Inner<'a> as ser::Serializer>::SerializeStruct;
    type SerializeStructVariant = <Inner<'a> as ser::Serializer>::SerializeStructVariant;

    fn serialize_map(self, length: Option<usize>) -> Result<Self::SerializeMap, Error> {
        self.canonical.set_has_fields();
        self.inner.serialize_map(length)
    }

    fn serialize_struct(
        self,
        name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStruct, Error> {
        self.canonical.set_has_fields();
        self.inner.serialize_struct(name, length)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.inner
            .serialize_newtype_variant(name, index, variant, value)
    }

    pass_on! {
        serialize_bool(value: bool) -> ();
        serialize_i8(value: i8) -> ();
        serialize_i16(value: i16) -> ();
        serialize_i32(value: i32) -> ();
        serialize_i64(value: i64) -> ();
        serialize_i128(value: i128) -> ();
        serialize_u8(value: u8) -> ();
        serialize_u16(value: u16) -> ();
        serialize_u32(value: u32) -> ();
        serialize_u64(value: u64) -> ();
        serialize_u128(value: u128) -> ();
        serialize_f32(value: f32) -> ();
        serialize_f64(value: f64) -> ();
        serialize_char(value: char) -> ();
        serialize_str(value: &str) -> ();
        serialize_bytes(value: &[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(name: &'static str) -> ();
        serialize_unit_variant(name: &'static str, index: u32, variant: &'static str) -> ();
        serialize_seq(length: Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(length: usize) -> Self::SerializeTuple;
        serialize_tuple_struct(name: &'static str, length: usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(
            name: &'static str, index: u32, variant: &'static str, length: usize
        ) -> Self::SerializeTupleVariant;
        serialize_struct_variant(
            name: &'static str, index: u32, variant: &'static str, length: usize
        ) -> Self::SerializeStructVariant;
    }
}
