//! The profiles. Each is a `ConditionalLayer`, and is named after its configuration.

use std::future::ready;

use http::{Method, StatusCode, request::Parts};
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt, service_fn, util::BoxCloneSyncService};
use tower_conditional::{
    ConditionalLayer, CurrentState, Decision, Requirement, Rules, ValidatorSource, Validators,
    source_fn,
};

use super::{Profile, handler::handle, state::State};

const GZIP: Rules = Rules::RFC9110.coding_suffixes(&["-gzip"]);
const LAUNCHPAD: Rules = GZIP.split_tags('-');
const RESTHEART: Rules = Rules::RFC9110
    .unquoted_tags(true)
    .creation_despite_if_match(true);
const IRONIC: Rules = Rules::RFC9110.weak_if_match(true).unquoted_tags(true);
const REDFISH: Rules = Rules::RFC9110.weak_if_match(true);
const WEAKENED: Rules = Rules::RFC9110.weakened_by_proxy(true);

/// All profiles, with their names.
pub(crate) fn profiles<B: Send + 'static>() -> Vec<(&'static str, Profile<B>)> {
    let conflict = layer(RESTHEART).respond_with(|refusal| {
        let required = refusal.decision() == Decision::PreconditionRequired;
        let mut response = refusal.into_response();
        if required {
            *response.status_mut() = StatusCode::CONFLICT;
        }
        response
    });
    // Without DELETE: Redfish (DSP0266) requires support for If-Match on PUT and PATCH, and
    // recommends that clients send it there. For DELETE, a suite sends `test-require: required`.
    let puts_and_patches =
        Requirement::methods([Method::PUT, Method::PATCH]).expect("both are unsafe methods");
    vec![
        ("rfc", profile(layer(Rules::RFC9110))),
        ("gzip", profile(layer(GZIP))),
        ("launchpad", profile(layer(LAUNCHPAD))),
        ("restheart", profile(conflict)),
        ("ironic", profile(layer(IRONIC))),
        ("redfish", profile(layer(REDFISH).require(puts_and_patches))),
        ("weakened", profile(layer(WEAKENED))),
    ]
}

/// What all profiles have in common: the request determines the source's answer, and what is
/// required regardless of the profile.
fn layer(
    rules: Rules,
) -> ConditionalLayer<impl ValidatorSource<Future: Send> + Clone + Send + Sync + 'static> {
    let source = source_fn(|head: &Parts| ready(State::of(&head.extensions).selected()));
    ConditionalLayer::new(source)
        .policy(|head: &Parts, _: CurrentState<&Validators>| {
            State::of(&head.extensions).requirement.clone()
        })
        .rules(rules)
}

fn profile<B, V>(layer: ConditionalLayer<V>) -> Profile<B>
where
    B: Send + 'static,
    V: ValidatorSource<Future: Send> + Clone + Send + Sync + 'static,
{
    let service = layer.layer(service_fn(handle::<B>));
    BoxCloneSyncService::new(service.map_response(|response| response.map(BodyExt::boxed_unsync)))
}
