//! A client of BMCs against a simulated BMC, over HTTP: rackfish's document, case by case.
//!
//! | the document | tests |
//! |---|---|
//! | the problem: 428 and 412, and nothing is changed | `service::refusals_…`, `races` |
//! | extracts `@odata.etag`; includes it in `If-Match`: the requests as printed | `document::the_request_is_the_documented_one` |
//! | attribute assignment | `document::the_first_example`, `systems::setting_a_property_sends_the_tag` |
//! | `.patch()` | `systems::several_properties_at_once` |
//! | resources without tags; old BMCs work as before | `document::the_power_state_…`, `systems::a_bmc_without_tags_…` |
//! | `connect()` | `sessions` |
//! | `RedfishClient.patch(path, data, etag=None)`, and its statuses | `document::patch_takes_a_tag` and those that follow |
//! | `RedfishResource.patch(updates)` reads first, and refreshes | `systems::a_link_is_read_…`, `systems::the_second_property_…` |
//! | `__setattr__`: simple properties that exist | `systems::only_simple_properties_…`, `document::expressions_…` |
//! | prevents lost updates | `writers`, `races`, `systems::a_stale_tag_…` |
//! | BMCs that require preconditions | all tests with `require_if_match` |
//! | 412: refresh, or a fresh instance | `systems::a_stale_tag_…`, `document::a_fresh_instance_…` |
//! | 412: the form of the tag, look into the log | the text in `client/failure.rs`; `systems::a_stale_tag_…` |
//! | 428: no tag to send, or a link stub | `systems::a_demand_for_a_tag_…`, `systems::a_link_is_read_…` |

mod accounts;
mod bmc;
mod by_reqwest;
mod command_line;
mod document;
mod outside;
mod process;
mod races;
mod rackfish;
mod service;
mod sessions;
mod sushy;
mod systems;
mod writers;
