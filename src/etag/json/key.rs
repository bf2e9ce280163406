//! The keys of objects: strings, and what `serde_json` makes strings of.

use std::borrow::Cow;

use serde::ser::{Impossible, Serialize, Serializer};

use super::{error::Kind, number};

/// Serializes a string, an integer, a finite float, a boolean or the name of a variant, into a string.
pub(super) struct Key;

type Text = Cow<'static, str>;
type No = Impossible<Text, Kind>;

macro_rules! displayed {
    ($($method:ident($type:ty))*) => {$(
        fn $method(self, value: $type) -> Result<Text, Kind> {
            Ok(Cow::Owned(value.to_string()))
        }
    )*};
}

macro_rules! floats {
    ($($method:ident($type:ty))*) => {$(
        fn $method(self, value: $type) -> Result<Text, Kind> {
            if value.is_finite() {
                Ok(Cow::Owned(number::float(value)?))
            } else {
                Err(Kind::Key)
            }
        }
    )*};
}

macro_rules! refused {
    ($($method:ident($($type:ty),*) -> $ok:ty;)*) => {$(
        fn $method(self, $(_: $type),*) -> Result<$ok, Kind> {
            Err(Kind::Key)
        }
    )*};
}

impl Serializer for Key {
    type Ok = Text;
    type Error = Kind;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;

    displayed! {
        serialize_bool(bool) serialize_char(char) serialize_str(&str)
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_i128(i128)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_u128(u128)
    }
    floats! { serialize_f32(f32) serialize_f64(f64) }

    refused! {
        serialize_bytes(&[u8]) -> Text;
        serialize_none() -> Text;
        serialize_unit() -> Text;
        serialize_unit_struct(&'static str) -> Text;
        serialize_seq(Option<usize>) -> No;
        serialize_tuple(usize) -> No;
        serialize_tuple_struct(&'static str, usize) -> No;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No;
        serialize_map(Option<usize>) -> No;
        serialize_struct(&'static str, usize) -> No;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No;
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _value: &T) -> Result<Text, Kind> {
        Err(Kind::Key)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Text, Kind> {
        Ok(Cow::Borrowed(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Text, Kind> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<Text, Kind> {
        Err(Kind::Key)
    }
}
