//! The layer around mock services: when it asks the source, which requests it passes on, and which
//! it answers itself.

mod asking;
mod body;
mod cancellation;
mod debug;
mod echo;
mod edges_dates;
mod edges_left;
mod edges_missing;
mod edges_tags;
mod edges_unknown;
mod extensions;
mod late;
mod outcome;
mod passing;
mod probe;
mod ranges;
mod readiness;
mod refusals;
mod requirements;
mod responding;
mod rulings;
mod stamping;
mod support;
