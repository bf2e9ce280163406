//! stub
use crate::{run::Run, write::Writer};
pub(crate) async fn judge(_: &mut Run<'_>, _: &Result<Writer, String>) -> Vec<String> {
    Vec::new()
}
